import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeExchange } from "../../src/cli/logs/describe-exchange.ts";
import { formatLogRow } from "../../src/cli/logs/format-log-row.ts";
import type { RecordedBody, RecordedRequest } from "../../src/record/recorded-request.ts";
import { openRecordRows, recordedRequest } from "../support/record-rows.ts";
import { soonMs } from "../support/soon-ms.ts";
import { runProgramIn } from "./run-program-in.ts";

let home: string;
let path: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "logs-command-"));
  path = join(home, ".local/state/claude-proxy/record.sqlite");
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

const run = (...args: string[]) => runProgramIn(home, ["logs", ...args]);

/** An hour of today that is over: its rows have no day. */
const timeMs = new Date().setHours(0, 0, 1, 0);
const failed: Partial<RecordedRequest> = {
  requestId: "req_ffee0001aaaa",
  timeMs: timeMs + 1000,
  status: 529,
  stopReason: null,
  errorType: "overloaded_error",
  errorMessage: "The upstream is overloaded\u001b[2J.",
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  tokensPerSecond: null,
  estimatedTokens: null,
  costUsd: null,
  costSource: null,
  attempts: [{ upstream: "openrouter", model: "z-ai/glm-5.3", key: 2, status: 529, error: null, ms: 320 }],
  changes: { dropped: ["top_k"], repairs: [], warnings: [] },
  prefix: { sameBytes: 5000, previousBytes: 123_456, place: "tools[3].description" },
};
const fine: Partial<RecordedRequest> = { requestId: "req_a1b2c3d4e5f6", timeMs };
const unknown: Partial<RecordedRequest> = {
  requestId: "req_a1b2c3d40000",
  timeMs: timeMs + 2000,
  model: "qwen/qwen4-coder-480b-a35b-instruct:free",
  costUsd: null,
};
const head = {
  url: "http://127.0.0.1:9/v1/chat/completions",
  headers: { authorization: "Bearer $UPSTREAM_KEY" },
};
const body = (
  name: RecordedBody["name"],
  text: string,
  members: Partial<RecordedBody> = {},
): RecordedBody => ({
  name,
  send: name.startsWith("upstream") ? 1 : 0,
  head: name === "upstream-request" ? head : null,
  text,
  bytes: text.length,
  isCut: false,
  ...members,
});
const bodies = [
  body(
    "client-request",
    JSON.stringify({ model: "opus", messages: [{ role: "user", content: "Hi\u001b[2J\tyou" }] }),
  ),
  body("upstream-request", '{"model":"glm"}'),
  body(
    "upstream-response",
    'data: {"choices":[{"delta":{"reasoning":"Hm."}}]}\n\ndata: {"choices":[{"delta":{"content":"Hel"}}]}\n\n' +
      'data: {"choices":[{"delta":{"content":"lo"}}]}\n\ndata: [DONE]\n\n',
  ),
  body(
    "client-response",
    'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"type":"text_delta","text":"Hello"}}\n\n',
  ),
];

function write(): void {
  using rows = openRecordRows(path);
  rows.add(recordedRequest(fine));
  rows.add(recordedRequest(failed), bodies);
  rows.add(recordedRequest(unknown));
}

const rowFine =
  "00:00:01  a1b2c3d4  200  z-ai/glm-5.3                                main           1.0k→100    $0.01    2.0 s\n";
const rowFailed =
  "00:00:02  ffee0001  529  z-ai/glm-5.3  overloaded_error: The upstream is overloaded\\u001b[2J.\n";
const rowUnknown =
  "00:00:03  a1b2c3d4  200  qwen/qwen4-coder-480b-a35b-instruct:free    main           1.0k→100        ?    2.0 s\n";

test("the newest requests come last, one in a line; words, terms and flags choose", async () => {
  write();
  expect(await run()).toEqual({ exitCode: 0, err: "", out: rowFine + rowFailed + rowUnknown });
  expect((await run("-n", "1")).out).toBe(rowUnknown);
  expect((await run("overloaded", "is:error")).out).toBe(rowFailed);
  expect((await run("--status", ">=400", "--model", "*glm*", "--upstream", "openrouter")).out).toBe(
    rowFailed,
  );
  expect((await run("--filter", "-model:qwen*", "-n", "1")).out).toBe(rowFailed);
  expect((await run("-model:qwen*", "-n", "1")).out).toBe(rowFailed);
  expect(await run("--modle", "glm")).toMatchObject({
    exitCode: 2,
    err: "error: unknown option '--modle'\nFor help, run: claude-proxy logs --help\n",
  });
  expect(await run("body:you")).toEqual({ exitCode: 0, err: "", out: rowFailed });
  expect((await run("--client", "web team", "--since", "2h")).out).toMatch(
    /^No request matches: client:"web team" since:[-\dT:.]+Z\n$/,
  );
});

test("--json prints an object a line", async () => {
  write();
  const lines = (await run("--json", "-n", "2")).out.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { time: new Date(timeMs + 1000).toISOString(), ...recordedRequest(failed), seq: 2, hasBodies: true },
    { time: new Date(timeMs + 2000).toISOString(), ...recordedRequest(unknown), seq: 3, hasBodies: false },
  ]);
});

test("what is wrong is said with what to do", async () => {
  expect(await run()).toEqual({
    exitCode: 0,
    err: "",
    out: `Nothing is recorded yet: there is no file ${path}\nA proxy records its requests, unless RECORD=off is set.\n`,
  });
  const fault = async (...args: string[]) => {
    const { exitCode, out, err } = await run(...args);
    expect(out).toBe("");
    return [exitCode, err];
  };
  expect(await fault("show", "last")).toEqual([1, "Nothing is recorded yet.\n"]);
  expect(await fault("show", "last-error")).toEqual([1, "No request in the record has failed.\n"]);
  write();
  expect(await fault("show", "a1b2")).toEqual([
    1,
    "Several requests have an id that begins with a1b2. Give more of it.\n",
  ]);
  expect(await fault("show", "zz")).toEqual([
    1,
    "There is no request zz in the record. List them: claude-proxy logs\n",
  ]);
  expect(await fault("show", "last", "--raw", "client-request")).toEqual([
    1,
    "The client-request was not kept. RECORD_BODIES=all keeps the messages of every request.\n",
  ]);
  expect(await fault("is:eror")).toEqual([
    2,
    "is:eror is not known. There is is:error, is:changed, is:retried, is:estimated and is:broken.\n",
  ]);
  expect((await fault("-n", "x"))[0]).toBe(2);
});

test("sizes that nobody knows are told as such", async () => {
  {
    using rows = openRecordRows(path);
    rows.add(recordedRequest({ requestBytes: null, sentBytes: null }));
  }
  expect((await run("show", "last")).out).toContain("\nbytes       asked - → -, answered 3.0 kB → 3.5 kB\n");
});

test("one exchange has its facts, what was said, and both wires", async () => {
  write();
  expect(await run("show", "last-error")).toEqual({
    exitCode: 0,
    err: "",
    out: `req_ffee0001aaaa
when        ${new Date(timeMs + 1000).toLocaleString("sv-SE")}, /v1/messages
status      529
error       overloaded_error: The upstream is overloaded\\u001b[2J.
asked       claude-opus-5, main
answered    openrouter/z-ai/glm-5.3, chosen by BIG_MODEL_NAME, chat
time        2.0 s, first byte after 0.4 s
bytes       asked 5.0 kB → 4.0 kB, answered 3.0 kB → 3.5 kB
attempt 1   openrouter/z-ai/glm-5.3, key 2, 529, 0.3 s
dropped     top_k
prefix      differs from the request before at tools[3].description, after 5.0 kB of 123.5 kB

Asked:
Hi\\u001b[2J  you

Answered:
Hello

── client-request (${bodies[0]?.bytes} B)
{
  "model": "opus",
  "messages": [
    {
      "role": "user",
      "content": "Hi\\u001b[2J\\tyou"
    }
  ]
}

── upstream-request (15 B)
{
  "model": "glm"
}

── upstream-response (162 B)
(a stream, put together)
[thinking]
Hm.
[text]
Hello

── client-response (110 B)
(a stream, put together)
[text]
Hello
`,
  });
  const { out } = await run("show", "a1b2c3d4e");
  expect(out).toContain(
    "\ntokens      1.0k in, 100 out, estimated as 990\ncost        $0.0125 by its price\n",
  );
  expect(out).toContain("\nwindow      1.1k of 200k (1%)\n");
  expect(out).toEndWith("\n\nIts messages were not kept. RECORD_BODIES=all keeps those of every request.\n");
  expect((await run("show", "last")).out).toContain(
    "\ncost        not known: config.yaml has no price of the model\n",
  );
});

test("show prints one message exactly, JSON, or a command", async () => {
  write();
  expect((await run("show", "ffee", "--raw", "client-response")).out).toBe(bodies[3]?.text ?? "");
  expect(JSON.parse((await run("show", "req_ffee", "--json")).out)).toEqual({
    request: recordedRequest(failed),
    bodies,
  });
  expect(await run("show", "a1b2c3d4e5f6", "--curl")).toMatchObject({ exitCode: 1, out: "" });
  expect(await run("show", "ffee", "--curl")).toEqual({
    exitCode: 0,
    err: "Put the key into UPSTREAM_KEY before you run it.\n",
    out: `curl -sS --globoff --no-buffer --url 'http://127.0.0.1:9/v1/chat/completions' \\
  -H @/dev/fd/3 \\
  --data-binary @- 3<<KEY <<'BODY'
authorization: Bearer $UPSTREAM_KEY
KEY
{"model":"glm"}
BODY
`,
  });
  const client = await run("show", "ffee", "--curl=client");
  expect(client.out).toContain("--url 'http://127.0.0.1:8080/v1/messages' ");
  expect(client.err).toBe("Put the key into PROXY_API_KEY before you run it.\n");
});

test.skipIf(process.platform === "win32")(
  "--follow shows what comes until Ctrl-C, which is no failure",
  async () => {
    write();
    const main = join(import.meta.dir, "../../src/main.ts");
    const child = Bun.spawn([process.execPath, "--no-env-file", main, "logs", "-f", "-n", "1", "z-ai"], {
      env: { HOME: home, PATH: process.env["PATH"] ?? "" },
      stdout: "pipe",
      stderr: "pipe",
    });
    let out = "";
    const untilIncludes = async (text: string) => {
      const end = Date.now() + soonMs;
      while (!out.includes(text) && Date.now() < end) await Bun.sleep(5);
      expect(out).toContain(text);
    };
    const reading = (async () => {
      for await (const bytes of child.stdout) out += new TextDecoder().decode(bytes);
    })();
    await untilIncludes("ffee0001");
    {
      using rows = openRecordRows(path);
      rows.add(recordedRequest({ requestId: "req_new00001", timeMs: timeMs + 5000 }));
      rows.add(recordedRequest({ ...unknown, requestId: "req_new00002" }));
      rows.add(recordedRequest({ requestId: "req_new00003", timeMs: timeMs - 1 }));
    }
    await untilIncludes("new00003");
    {
      using rows = openRecordRows(path);
      rows.add(recordedRequest({ requestId: "req_new00004" }));
    }
    await untilIncludes("new00004");
    child.kill("SIGINT");
    expect(await child.exited).toBe(0);
    await reading;
    expect(out.match(/^\S+ {2}(\S+)/gm)?.map((row) => row.split("  ")[1])).toEqual([
      "ffee0001",
      "new00001",
      "new00003",
      "new00004",
    ]);
    expect(await new Response(child.stderr).text()).toBe("");
  },
);

test.skipIf(process.platform === "win32")("--follow says that it waits for a record", async () => {
  const main = join(import.meta.dir, "../../src/main.ts");
  const child = Bun.spawn([process.execPath, "--no-env-file", main, "logs", "-f"], {
    env: { HOME: home, PATH: process.env["PATH"] ?? "" },
    stdout: "pipe",
    stderr: "pipe",
  });
  const { value } = await child.stderr.getReader().read();
  const told = new TextDecoder().decode(value);
  expect(told).toStartWith("Nothing is recorded yet: ");
  expect(told).toEndWith(" Waiting for it; Ctrl-C ends this.\n");
  child.kill();
  await child.exited;
});

describe("in a terminal", () => {
  const paint = (_style: string, text: string) => text;
  const listed = (members: Partial<RecordedRequest>) => ({
    ...recordedRequest(members),
    seq: 1,
    hasBodies: false,
  });
  const show = (columns: number, hasDays = false) =>
    [fine, failed, unknown, { ...fine, status: 499 }].map((members) =>
      formatLogRow(listed({ ...members, timeMs }), { paint, columns, hasDays }),
    );

  test("80 columns", () => {
    expect(show(80)).toEqual([
      "00:00:01  a1b2c3d4  200  z-ai/glm-5.3                 1.0k→100    $0.01    2.0 s",
      "00:00:01  ffee0001  529  z-ai/glm-5.3  overloaded_error: The upstream is overlo…",
      "00:00:01  a1b2c3d4  200  qwen/qwen4-c…struct:free     1.0k→100        ?    2.0 s",
      "00:00:01  a1b2c3d4  499  z-ai/glm-5.3  the client went away",
    ]);
  });

  test("60 columns", () => {
    expect(show(60)).toEqual([
      "00:00:01  a1b2c3d4  200  z-ai/glm-5.3      1.0k→100    2.0 s",
      "00:00:01  ffee0001  529  z-ai/glm-5.3  overloaded_error: Th…",
      "00:00:01  a1b2c3d4  200  qwen/q…t:free     1.0k→100    2.0 s",
      "00:00:01  a1b2c3d4  499  z-ai/glm-5.3  the client went away",
    ]);
  });

  test.each([120, 100, 80, 70, 60, 50, 45])("%i columns are not exceeded, with days neither", (columns) => {
    for (const row of [...show(columns), ...show(columns, columns >= 60)])
      expect(Bun.stringWidth(row)).toBeLessThanOrEqual(columns);
  });

  test.each([120, 80, 60])("an exchange in %i columns", (columns) => {
    const exchange = { request: recordedRequest(failed), bodies };
    const lines = describeExchange(exchange, { paint, columns }).split("\n");
    for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
    const title = `── client-request (${bodies[0]?.bytes} B)`;
    expect(lines.find((line) => line.startsWith(title))).toBe(
      columns === 120 ? `${title.padEnd(58)} │ ── upstream-request (15 B)` : title,
    );
  });
});
