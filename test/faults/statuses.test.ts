import { describe, expect } from "bun:test";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { encodings } from "../secrets/encodings.ts";
import { json, type Reply, sseOf, status, whole as wholeBody } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello } from "../support/start-pair.ts";
import { type Wire, wires } from "../support/wires.ts";
import { type FaultCase, faultTest, faultTests } from "./fault-test.ts";
import { refused, whole } from "./outcomes.ts";
import { canaries } from "./scene.ts";

const no = { error: { message: "no" } };
const refusedThis = (why: string) =>
  `UPSTREAM refused this: ${why}. Check BASE_URL, and what the key in OPENAI_API_KEY may use there`;

/** Both ways of asking are told the same. */
function bothRefused(name: string, reply: Reply, told: ReturnType<typeof refused>): FaultCase {
  return [name, reply, told, told];
}

const jsonOf = (text: string) => JSON.stringify(text).slice(1, -1);

/** A server that only counts. */
async function startOther() {
  let count = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => {
      count += 1;
      return new Response("");
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/v1`,
    requests: () => count,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

function listCases(wire: Wire): FaultCase[] {
  return [
    ...(
      [
        ["[row 32]", 400, 400, "invalid_request_error", "no"],
        ["[row 32]", 402, 402, "billing_error", "UPSTREAM refused this for lack of credit: no"],
        ["[row 32]", 422, 400, "invalid_request_error", "no"],
        ["[row 30]", 429, 429, "rate_limit_error", "UPSTREAM limits requests for medium-model: no"],
      ] as const
    ).map(([row, sent, told, type, message]) =>
      bothRefused(`${row} ${sent}`, status(sent, no), refused(told, type, message)),
    ),
    bothRefused(
      "[row 32] 401",
      status(401, no),
      refused(
        424,
        "authentication_error",
        "UPSTREAM did not accept the upstream key, which is the setting OPENAI_API_KEY: no",
      ),
    ),
    bothRefused("[row 32] 403", status(403, no), refused(424, "permission_error", refusedThis("no"))),
    bothRefused(
      "[row 32] 404",
      status(404, no),
      refused(
        424,
        "not_found_error",
        `UPSTREAM has no ${wire.name} at /v1${wire.path}: no. Check the setting BASE_URL${wire.otherWay}`,
      ),
    ),
    bothRefused("[row 32] 413", status(413, no), refused(413, "request_too_large", "no")),
    ...(
      [
        [500, "api_error", "failed with medium-model"],
        [502, "api_error", "failed with medium-model"],
        [503, "api_error", "cannot serve medium-model now"],
        [504, "timeout_error", "took too long with medium-model"],
        [529, "overloaded_error", "cannot serve medium-model now"],
      ] as const
    ).map(([code, type, what]) =>
      bothRefused(`[row 33] ${code}`, status(code, no), refused(code, type, `UPSTREAM ${what}: no`)),
    ),
    bothRefused(
      "[row 35] an error whose body says that it is compressed, and is not",
      wholeBody("no such thing", { status: 500, headers: { "content-encoding": "gzip" } }),
      refused(500, "api_error", "UPSTREAM failed with medium-model: it answered 500"),
    ),
    bothRefused(
      "[row 35] an error whose compressed body is cut",
      wholeBody(gzipSync(JSON.stringify(no)).subarray(0, 20), {
        status: 403,
        headers: { "content-encoding": "gzip" },
      }),
      refused(424, "permission_error", refusedThis("it answered 403")),
    ),
    // Whether a part that came is seen before the break or lost with it, is chance: it may make no difference.
    ...(
      [
        ["JSON", '{"error":{"mess', "fin", 0, "it answered 429"],
        ["JSON", '{"error":{"mess', "fin", 100, "it answered 429"],
        ["JSON", '{"error":{"mess', "reset", 100, "it answered 429"],
        ["text", "Too many requests, my fr", "fin", 0, "it answered 429"],
        ["text", "Too many requests, my fr", "reset", 100, "it answered 429"],
        ["JSON that is whole", JSON.stringify(no), "fin", 300, "no"],
        ["JSON that is whole", JSON.stringify(no), "reset", 300, "no"],
      ] as const
    ).map(([what, text, end, waitMs, message]) => {
      const reply = wholeBody(text, { status: 429, headers: { "content-length": "999" }, end });
      return bothRefused(
        `[row 35] [F24] an error whose body is shorter than announced: ${what}, ${end} after ${waitMs} ms`,
        { ...reply, body: [...reply.body, { waitMs }] },
        refused(429, "rate_limit_error", `UPSTREAM limits requests for medium-model: ${message}`),
      );
    }),
    ...(
      [
        ["gzip", gzipSync],
        ["br", brotliCompressSync],
        ["zstd", zstdCompressSync],
      ] as const
    ).map(([encoding, compress]) =>
      bothRefused(
        `[row 34] an error whose body is compressed: ${encoding}`,
        wholeBody(compress(Buffer.from(JSON.stringify(no))), {
          status: 403,
          headers: { "content-encoding": encoding },
        }),
        refused(424, "permission_error", refusedThis("no")),
      ),
    ),
    bothRefused(
      "[row 41] 204",
      { ...status(204, ""), head: "HTTP/1.1 204 No Content\r\n\r\n", body: [] },
      refused(
        424,
        "api_error",
        `UPSTREAM answered 204 with an empty body and no ${wire.answerName}. Check the setting BASE_URL`,
      ),
    ),
    bothRefused(
      "[row 41] an empty 200",
      wholeBody("", { headers: { "content-type": "application/json" } }),
      refused(
        424,
        "api_error",
        `UPSTREAM answered 200 with an empty body and no ${wire.answerName}. Check the setting BASE_URL`,
      ),
    ),
    bothRefused(
      "[row 41] an empty stream",
      wire.stream([], { done: false }),
      refused(502, "api_error", "UPSTREAM ended the stream early"),
    ),
    bothRefused(
      "[row 41] a status of 999",
      status(999, no),
      refused(502, "api_error", "UPSTREAM failed with medium-model: no"),
    ),
  ];
}

describe.each(wires)("$id", (wire) => {
  faultTests(wire, listCases(wire));

  faultTest(
    "[row 30] how long to wait reaches the client",
    async (stage) => {
      stage.upstream.respondWith(() => status(429, no, { "retry-after": "7" }));
      const { headers, outcome } = await stage.ask();
      expect([outcome.status, headers.get("retry-after")]).toEqual([429, "7"]);
      expect(stage.upstream.requests.length).toBe(2);
    },
    { wire },
  );

  for (const [what, sent, told] of [
    ["a date", () => new Date(Date.now() + 30_000).toUTCString(), /^(29|30|31)$/],
    ["no number", () => "soon", null],
    ["more than a timer takes", () => "1e9", /^86400$/],
    ["more than anybody waits", () => "1000000000", /^86400$/],
    ["below zero", () => "-5", null],
  ] as const) {
    faultTest(
      `[row 31] a retry-after that is ${what}`,
      async (stage) => {
        stage.upstream.respondWith(() => status(429, no, { "retry-after": sent() }));
        const { headers } = await stage.ask();
        if (told === null) expect(headers.get("retry-after")).toBeNull();
        else expect(headers.get("retry-after")).toMatch(told);
      },
      { wire },
    );
  }

  for (const [what, body, type] of [
    [
      "JSON",
      JSON.stringify({
        error: { message: `Wrong key ${canaries.upstreamKey} (Bearer ${canaries.upstreamKey})` },
      }),
      "application/json",
    ],
    ["a page", `<html><title>Key ${canaries.upstreamKey}</title></html>`, "text/html"],
    ["text", `401: ${canaries.upstreamKey}`, "text/plain"],
    ...encodings.map(([name, encode]) => {
      const text = name.includes("JSON")
        ? encode(canaries.upstreamKey)
        : jsonOf(encode(canaries.upstreamKey));
      return [name, `{"error":{"message":"Wrong key ${text}"}}`, "application/json"] as const;
    }),
  ] as const) {
    faultTest(
      `[row 32] a 401 that repeats our key as ${what}`,
      async (stage) => {
        stage.upstream.respondWith(() => wholeBody(body, { status: 401, headers: { "content-type": type } }));
        const { outcome, headers } = await stage.ask();
        expect([outcome.status, outcome.end, headers.get("x-should-retry")]).toEqual([
          424,
          "authentication_error",
          "false",
        ]);
        expect(outcome.message).toContain("OPENAI_API_KEY");
      },
      { wire },
    );
  }

  faultTest(
    "[row 32] our key in the pieces of an error in a stream",
    async (stage) => {
      const text = `data: ${JSON.stringify({ error: { message: `bad ${canaries.upstreamKey}` } })}\n\n`;
      const splitAt = Array.from({ length: text.length }, (_, index) => index + 1);
      stage.upstream.reply(wire.stream([text], { splitAt }));
      expect((await stage.ask()).outcome.end).toBe("api_error");
      stage.upstream.reply(wire.stream([wire.text("a"), text]));
      expect((await stage.ask()).outcome).toMatchObject({ text: "a", end: "api_error" });
      stage.upstream.reply(wire.stream([`data: nonsense ${canaries.upstreamKey}\n\n`]));
      expect((await stage.ask()).outcome.end).toBe("api_error");
    },
    { wire },
  );

  faultTest(
    "[row 36] an error body without end is cut, and its connection closed",
    async (stage) => {
      const endless = sseOf(
        (function* () {
          while (true) yield Buffer.alloc(65_536, "x");
        })(),
      );
      stage.upstream.reply({
        ...endless,
        head: endless.head?.replace("200 Scripted", "500 Scripted") ?? null,
      });
      const before = process.memoryUsage.rss();
      const startedAtMs = performance.now();
      expect((await stage.ask()).outcome).toMatchObject({ status: 500, end: "api_error" });
      expect(process.memoryUsage.rss() - before).toBeLessThan(32 * 1024 * 1024);
      const closedAtMs = (await stage.upstream.requests[1]?.closedByPeer) ?? Number.NaN;
      expect(closedAtMs - startedAtMs).toBeWithin(0, soonMs);
    },
    { wire },
  );

  for (const code of [301, 302, 303, 307, 308]) {
    faultTest(
      `[row 37] a redirect with ${code} to another host`,
      async (stage) => {
        await using other = await startOther();
        stage.upstream.respondWith(() => status(code, "", { location: `${other.url}${wire.path}` }));
        const { outcome } = await stage.ask(hello);
        expect(outcome).toMatchObject({
          status: 424,
          end: "api_error",
          message: expect.stringMatching(
            /^UPSTREAM redirects to \S+, and no redirect is followed\. If that is the right one, set BASE_URL to http:\/\/\S+\/v1$/,
          ),
        });
        expect(other.requests()).toBe(0);
      },
      { wire },
    );
  }

  faultTest(
    "[row 26] an error beside a good answer does not count when it says nothing",
    async (stage) => {
      stage.upstream.reply(json({ ...wire.body({ text: "one" }), error: null }));
      expect((await stage.ask(hello)).outcome).toEqual(whole("one"));
    },
    { wire },
  );
});
