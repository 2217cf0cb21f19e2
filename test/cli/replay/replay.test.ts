import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chunk, stopChunk, toolCallChunk } from "../../support/chunks.ts";
import { json, sse } from "../../support/reply.ts";
import { startProgram } from "../../support/start-program.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";
import { createRecordFile, type RowColumns, writeRecordFile } from "../recorded-rows.ts";

const main = join(import.meta.dir, "../../../src/main.ts");
const key = "sk-canary-0123456789-upstream-key";

let home: string;
let upstream: Upstream;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "replay-"));
  upstream = await startUpstream();
});

afterEach(async () => {
  await upstream.stop();
  rmSync(home, { recursive: true, force: true });
});

const recordOf = (folder: string) => join(folder, ".local/state/claude-proxy/record.sqlite");

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = Bun.spawn([process.execPath, "--no-env-file", main, "replay", ...args], {
    env: {
      HOME: home,
      PATH: process.env["PATH"] ?? "",
      TZ: "UTC",
      // Where nobody listens: no proxy runs.
      PORT: "9",
      BASE_URL: upstream.baseUrl,
      OPENAI_API_KEY: key,
      BIG_MODEL_NAME: "big-model",
      SMALL_MODEL_NAME: "small-model",
      UPSTREAM_PROFILE: "generic",
      ...env,
    },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  expect(out + err).not.toContain(key);
  return { exitCode, out, err };
}

const id = "req_aaaaaaaaaaaaaaaaaaaaaaaa";
const row: RowColumns = {
  id,
  time: Date.UTC(2026, 10, 30, 3, 0, 7),
  session: "session-1",
  asked_model: "claude-opus-5-5",
  upstream: "generic",
  model: "big-model",
  stop_reason: "end_turn",
  input_tokens: 90,
  output_tokens: 4,
  cache_read_tokens: 30,
  cost_picousd: 1_200_000_000,
  duration_ms: 1500,
  first_byte_ms: 300,
};
const asked = {
  model: "claude-opus-5-5",
  max_tokens: 100,
  metadata: { user_id: "u" },
  messages: [{ role: "user", content: "Say hello" }],
};
const answered = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  content: [{ type: "text", text: "Hello world" }],
  stop_reason: "end_turn",
};
const bodies = (request: object = asked, answer: object | string = answered) => [
  { name: "client-request", text: JSON.stringify(request) },
  { name: "client-response", text: typeof answer === "string" ? answer : JSON.stringify(answer) },
];

const completion = (text: string) => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "test-model",
  choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
  usage: { prompt_tokens: 120, completion_tokens: 5, total_tokens: 125 },
});

/** What differs from run to run. */
const still = (text: string) => text.replace(/\b(?:\d+ ms|\d+\.\d s)(?=\n)/g, "TIME");

const announced = (members: { verb?: string; times?: string; to?: string; through?: string } = {}) => {
  const {
    verb = "is",
    times = "once",
    to = "claude-opus-5-5",
    through = "a proxy of its own, as none runs",
  } = members;
  return `${id} of 2026-11-30 03:00:07 (${JSON.stringify(asked).length} bytes, about 120 tokens)
${verb} sent ${times}, to ${to}
through ${through}.
Each answer costs what its upstream takes for it.
`;
};

test("a request is sent again, and what differs is shown", async () => {
  writeRecordFile(recordOf(home), [row], bodies());
  upstream.reply(json(completion("Hello there")));
  // As `logs` lists it.
  const { exitCode, out, err } = await run(["aaaaaaaa"]);
  expect([exitCode, err]).toEqual([0, announced()]);
  expect(still(out)).toBe(`               recorded           new
asked for      claude-opus-5-5    claude-opus-5-5
answered by    generic/big-model  ?
status         200                200
stop reason    end_turn           end_turn
prompt tokens  120                120
from cache     30                 0
output tokens  4                  5
cost           $0.0012            ?
time           1.5 s              TIME
first byte     300 ms             TIME

The new answer
Text:
~ Hello [-world-]{+there+}
Tool calls: none in both
`);
  expect(upstream.requests.map(({ body }) => body)).toMatchObject([
    { model: "big-model", messages: [{ role: "user", content: "Say hello" }] },
  ]);
  // The proxy of its own has left nothing behind.
  expect(existsSync(join(home, ".local/state/claude-proxy/claude-proxy.log"))).toBe(false);
});

test("a stream is asked for as a stream, for each model in turn; one that fails stops no other", async () => {
  const recordedStream = [
    {
      type: "message_start",
      message: { ...answered, content: [], usage: { input_tokens: 90, output_tokens: 1 } },
    },
    {
      type: "content_block_start",
      index: 0,
      content_block: { type: "tool_use", id: "t", name: "Bash", input: {} },
    },
    {
      type: "content_block_delta",
      index: 0,
      delta: { type: "input_json_delta", partial_json: '{"command":' },
    },
    { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: '"ls"}' } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 7 } },
    { type: "message_stop" },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join("");
  const request = {
    ...asked,
    stream: true,
    tools: [{ name: "Bash", input_schema: { type: "object", properties: { command: { type: "string" } } } }],
  };
  writeRecordFile(recordOf(home), [{ ...row, stop_reason: "tool_use" }], bodies(request, recordedStream));
  upstream.reply(
    json({ error: { message: "no such model", type: "invalid_request_error" } }, { status: 400 }),
  );
  upstream.reply(
    sse([
      toolCallChunk(0, { id: "call_1", name: "Bash", arguments: '{"command":"pwd"}' }),
      chunk({}, "tool_calls"),
      stopChunk,
    ]),
  );
  const { exitCode, out } = await run([
    id,
    "--model",
    "claude-opus-x",
    "--model",
    "claude-haiku-x",
    "--json",
  ]);
  expect(exitCode).toBe(1);
  const report = JSON.parse(out);
  expect(report).toMatchObject({
    id,
    time: "2026-11-30T03:00:07.000Z",
    redactedPlaces: 0,
    recorded: {
      asked: "claude-opus-5-5",
      status: 200,
      text: "",
      toolCalls: [{ name: "Bash", input: { command: "ls" } }],
      stopReason: "tool_use",
      costUsd: 0.0012,
    },
    answers: [
      { asked: "claude-opus-x", status: 400, text: "", toolCalls: [], stopReason: null, costUsd: null },
      {
        asked: "claude-haiku-x",
        status: 200,
        text: "",
        toolCalls: [{ name: "Bash", input: { command: "pwd" } }],
        stopReason: "tool_use",
        error: null,
        inputTokens: 100,
        outputTokens: 10,
      },
    ],
  });
  expect(report.answers[0].error).toContain("no such model");
  expect(upstream.requests.map(({ body }) => body)).toMatchObject([
    { model: "big-model", stream: true },
    { model: "small-model", stream: true },
  ]);
});

test("--dry-run sends nothing, and says what the model will not see as it was", async () => {
  const request = { ...asked, messages: [{ role: "user", content: "My key is [redacted]" }] };
  writeRecordFile(recordOf(home), [row], bodies(request));
  expect(await run([id, "--dry-run", "--model", "a/b", "--model", "c\u001b[2J"])).toEqual({
    exitCode: 0,
    out: `${announced({ verb: "would be", times: "2 times", to: "a/b, c\\u001b[2J" }).replace(/\d+ bytes/, `${JSON.stringify(request).length} bytes`)}The record has left out keys: models read the word [redacted] in 1 place.\n`,
    err: "",
  });
  expect(upstream.requests).toEqual([]);
});

test.each(["aaaaaaaa", "last"])("a request is named %s as in the list and in `logs show`", async (name) => {
  writeRecordFile(recordOf(home), [row], bodies());
  const { exitCode, out } = await run([name, "--dry-run"]);
  expect([exitCode, out.includes(id)]).toEqual([0, true]);
});

test("a running proxy is used with its key, and its record says what the answer cost", async () => {
  const clientKey = "client-canary-0123456789";
  await using program = await startProgram(upstream.baseUrl, { RECORD: "off", PROXY_API_KEY: clientKey });
  const record = createRecordFile(recordOf(program.home), [row], bodies());
  upstream.reply(json(completion("Hello world")));
  const env = { HOME: program.home, PORT: String(program.port), PROXY_API_KEY: clientKey };
  const running = run([id, "--json"], env);
  // The other two ask the proxy who it is.
  const request = (await program.requestRecords(3)).find(({ path }) => path === "/v1/messages");
  expect(request?.["sessionId"]).toBe(`replay-${id}`);
  const written = { id: String(request?.["requestId"]), upstream: "generic", model: "big-model" };
  record
    .query(
      `insert into requests (id, upstream, model, cost_picousd, duration_ms, first_byte_ms, time, path, status,
        usage_estimated, received_bytes, answer_bytes, sends)
       values (?, ?, ?, 5000000000, 70, 60, 0, '/v1/messages', 200, 0, 0, 0, 1)`,
    )
    .run(written.id, written.upstream, written.model);
  const { exitCode, out, err } = await running;
  record.close();
  expect([exitCode, err]).toEqual([0, announced({ through: `the proxy at ${program.url}` })]);
  expect(JSON.parse(out).answers).toMatchObject([
    { requestId: written.id, text: "Hello world", costUsd: 0.005, durationMs: 70, firstByteMs: 60 },
  ]);
  expect(await run([id], { ...env, PROXY_API_KEY: "wrong-canary-0123456789" })).toEqual({
    exitCode: 1,
    out: "",
    err: `The proxy at ${program.url} does not take the key of these settings.
Set PROXY_API_KEY to its own, or name its file: --config or --env-file
`,
  });
});

test.each([
  ["none", [], [], "There is no request req_a in the record. List them: claude-proxy logs\n"],
  [
    "two",
    [row, { ...row, id: "req_ab" }],
    [],
    "Several requests have an id that begins with req_a. Give more of it.\n",
  ],
  [
    "not kept",
    [row],
    [],
    `What was asked in ${id} was not kept: usually only requests that failed are.\nTo keep all from now on, start the proxy with RECORD_BODIES=all.\n`,
  ],
  [
    "cut",
    [row],
    [{ name: "client-request", text: '{"model":', isCut: true }],
    `${id} cannot be sent again: of its 9 bytes only the beginning was kept.\n`,
  ],
  [
    "broken",
    [row],
    [{ name: "client-request", text: "nonsense" }],
    `${id} cannot be sent again: it is no messages request.\n`,
  ],
  [
    "a count",
    [{ ...row, path: "/v1/messages/count_tokens" }],
    [{ name: "client-request", text: "{}" }],
    `${id} cannot be sent again: it is no messages request.\n`,
  ],
])("what cannot be sent is refused: %s", async (_name, rows, kept, err) => {
  writeRecordFile(recordOf(home), rows, kept);
  expect(await run(["req_a"])).toEqual({ exitCode: 1, out: "", err });
});

test("without a record, and at a port where nobody answers, it is said", async () => {
  expect(await run([id])).toEqual({
    exitCode: 1,
    out: "",
    err: `Nothing is recorded yet: there is no file ${recordOf(home)}
A proxy records its requests, unless RECORD=off is set.
`,
  });
  writeRecordFile(recordOf(home), [row], bodies());
  expect(await run([id, "--port", "9"])).toEqual({
    exitCode: 1,
    out: "",
    err: "No claude-proxy answers at port 9 of this machine.\n",
  });
});

test("the proxy's own key reaches no upstream that gets the credential of its clients", async () => {
  const clientKey = "client-canary-0123456789";
  const config = join(home, "config.yaml");
  writeFileSync(
    config,
    `upstreams:
  own: { url: "${upstream.baseUrl.replace("/v1", "")}", protocol: anthropic, key: client }
routes: { default: own/* }
clients:
  laptop: { key: ${clientKey} }
`,
    { mode: 0o600 },
  );
  writeRecordFile(recordOf(home), [row], bodies());
  const nothing = {
    BASE_URL: "",
    OPENAI_API_KEY: "",
    BIG_MODEL_NAME: "",
    SMALL_MODEL_NAME: "",
    UPSTREAM_PROFILE: "",
  };
  const { exitCode, out, err } = await run([id, "--config", config, "--json"], nothing);
  expect([exitCode, err]).toEqual([1, announced()]);
  expect(JSON.parse(out).answers).toMatchObject([
    {
      status: 401,
      error: expect.stringContaining(
        "the upstream own takes your own login or key, and this request has none",
      ),
    },
  ]);
  expect(upstream.requests).toEqual([]);
});
