import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { spareRequests } from "../../src/config/request-limit.ts";
import { defaultLingerMs } from "../../src/relay/create-relay.ts";
import { defaultUploadBytes } from "../../src/server/admission.ts";
import { largestBodyBytes } from "../../src/server/body-size.ts";
import { defaultStreamPace } from "../../src/server/event-stream-response.ts";
import { jsonLimits } from "../../src/server/parse-request.ts";
import { defaultFetchLimit } from "../../src/server/start-proxy.ts";
import { defaultTimes } from "../../src/server/stop-server.ts";
import { defaultUploadLimits } from "../../src/server/upload-limits.ts";
import { defaultUpstreamLimits } from "../../src/upstream/upstream-limits.ts";

const MiB = 1024 * 1024;

/** The second column of the table of limits, by the first. */
function readTable(): Map<string, string> {
  const page = readFileSync(join(import.meta.dir, "../../docs/operations.md"), "utf8");
  const section = /^## Limits\n([\s\S]*?)^## /m.exec(page)?.[1] ?? "";
  return new Map(
    [...section.matchAll(/^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$/gm)].map(([, what = "", limit = ""]) => [
      what,
      limit,
    ]),
  );
}

const pace = defaultStreamPace;
const upstream = defaultUpstreamLimits;
const uploads = defaultUploadLimits;

/** What the table has to say of each of our figures, in its own words. */
const said: [what: string, figures: string[]][] = [
  [
    "concurrent requests that Bun sends",
    [`${defaultFetchLimit}, of which ${defaultFetchLimit - spareRequests} are used`],
  ],
  [
    "body of a request",
    [
      `${largestBodyBytes / MiB} MB`,
      `nested ${jsonLimits.depth} deep`,
      `${jsonLimits.values.toLocaleString("en-US")} values`,
      `${uploads.slowestBytesPerSecond / 1024} KiB/s and more after ${uploads.patienceSeconds} s`,
      `whole within ${uploads.longestSeconds / 60} minutes`,
    ],
  ],
  ["bodies that are being read, all together", [`${defaultUploadBytes / MiB} MB`]],
  ["connection to the upstream", [`${(upstream.connectMs ?? 0) / 1000} s`]],
  ["head of the upstream's answer", [`${upstream.firstByteMs / 1000} s`]],
  ["silence of the upstream in an answer", [`${upstream.idleMs / 1000} s`]],
  ["a client that reads nothing of its stream", [`${pace.clientIdleSeconds} s`]],
  ["silence towards the client", [`a ping every ${pace.pingMs / 1000} s`]],
  [
    "drain after SIGTERM",
    [`${defaultTimes.drainMs / 1000} s, then an error event and ${defaultTimes.lastWordMs / 1000} s for it`],
  ],
];

test.each(said)("the table of limits says of %s what the program does", (what, figures) => {
  const row = readTable().get(what) ?? "";
  for (const figure of figures) {
    // Not the end of a longer number.
    const isSaid = new RegExp(`(^|[^\\d.])${RegExp.escape(figure)}($|[^\\d])`).test(row);
    expect([row, isSaid]).toEqual([row, true]);
  }
});

test("what no table has", () => {
  // Rules 4.2 and 4.3 of docs/mapping.md: five seconds for the usage; three and fifteen for the head.
  expect([defaultLingerMs, pace.headAfterUpstreamMs, pace.headWithoutUpstreamMs]).toEqual([
    5_000, 3_000, 15_000,
  ]);
  // Row 36 of docs/reliability.md: an error's body is cut at 64 KiB.
  const { errorBodyMs, drainMs, wholeBodyBytes, errorBodyBytes } = upstream;
  expect({ errorBodyMs, drainMs, wholeBodyBytes, errorBodyBytes }).toEqual({
    errorBodyMs: 2_000,
    drainMs: 1_000,
    wholeBodyBytes: 64 * MiB,
    errorBodyBytes: 65_536,
  });
  // Behind a refusal, for a client that reads no answer before it has sent everything: it may be a little too large.
  expect([uploads.restBytes, uploads.restMs]).toEqual([2 * largestBodyBytes, 5_000]);
});
