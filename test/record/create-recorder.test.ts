import { describe, expect, test } from "bun:test";
import { openRecordReader } from "../../src/record/open-record-reader.ts";
import { nameRecordPlace } from "../../src/record/record-place.ts";
import { createBody, createRecorded, startRecorder, until } from "./recorded.ts";
import { type WrittenRecorder, writerEngines } from "./shared-recorder.ts";

const full = createRecorded({
  requestId: "req_1",
  timeMs: 1_764_000_000_123,
  path: "/v1/messages",
  client: "laptop",
  sessionId: "session-1",
  agentId: "agent-1",
  parentAgentId: "agent-0",
  agentType: "Explore",
  kind: "main",
  clientModel: "claude-opus-4-5",
  rule: "cases[1]",
  upstream: "openrouter",
  model: "vendor/model",
  family: "openrouter",
  protocol: "chat",
  stream: true,
  status: 200,
  stopReason: "end_turn",
  inputTokens: 1,
  outputTokens: 2,
  cacheReadTokens: 3,
  cacheWriteTokens: 4,
  thinkingTokens: 5,
  usageEstimated: false,
  estimatedTokens: 6,
  estimateErrorPercent: -1.5,
  window: 200_000,
  requestBytes: 7,
  sentBytes: 8,
  receivedBytes: 9,
  answerBytes: 10,
  firstByteMs: 11.25,
  durationMs: 12.5,
  tokensPerSecond: 13.75,
  costUsd: 0.000_000_123_456,
  costSource: "upstream",
  sends: 2,
  attempts: [{ upstream: "openrouter", model: "vendor/model", key: 2, status: 429, error: null, ms: 1.5 }],
  changes: { dropped: ["top_k"], repairs: ["r"], warnings: ["w"] },
  errorType: "api_error",
  errorMessage: "It failed.",
  phase: "idle",
  causeCode: "ECONNRESET",
  upstreamRequestId: "gen-1",
});

const bodies = () => [
  createBody("client-request", [Buffer.from("asked "), "äh"]),
  createBody("upstream-request", ["first"], {
    send: 1,
    head: { url: "http://x/v1", headers: { accept: "*/*" } },
  }),
  createBody("upstream-response", [Buffer.from("told")], { send: 1, isCut: true, bytes: 5_000_000 }),
  createBody("client-response", ["answered"]),
];

/** The messages in the record, unpacked. */
async function readBodies({ rows }: Pick<WrittenRecorder, "rows">): Promise<unknown[]> {
  const found = await rows("select * from bodies order by seq, send, name");
  return found.map(({ content, ...row }) => ({
    ...row,
    text: content instanceof Uint8Array ? Bun.zstdDecompressSync(content).toString() : null,
  }));
}

const refused = { upstream: "u", model: "m", key: null, status: 400, error: null, ms: 1 };

describe.each(writerEngines)("in $name", (engine) => {
  test("a row has in each column what was given", async () => {
    await using record = await engine.start({ bodies: "off" });
    record.recorder.add(full, []);
    await record.written();
    expect(await record.rows("select * from requests")).toEqual([
      {
        seq: 1,
        id: "req_1",
        time: 1_764_000_000_123,
        path: "/v1/messages",
        client: "laptop",
        session: "session-1",
        agent: "agent-1",
        parent_agent: "agent-0",
        agent_type: "Explore",
        kind: "main",
        asked_model: "claude-opus-4-5",
        rule: "cases[1]",
        upstream: "openrouter",
        model: "vendor/model",
        family: "openrouter",
        protocol: "chat",
        stream: 1,
        status: 200,
        stop_reason: "end_turn",
        input_tokens: 1,
        output_tokens: 2,
        cache_read_tokens: 3,
        cache_write_tokens: 4,
        thinking_tokens: 5,
        usage_estimated: 0,
        estimated_tokens: 6,
        estimate_error: -1.5,
        window: 200_000,
        request_bytes: 7,
        sent_bytes: 8,
        received_bytes: 9,
        answer_bytes: 10,
        first_byte_ms: 11.25,
        duration_ms: 12.5,
        tokens_per_second: 13.75,
        cost_picousd: 123_456,
        cost_source: "upstream",
        sends: 2,
        attempts: '[{"key":2,"status":429,"ms":1.5}]',
        changes: JSON.stringify(full.changes),
        error_type: "api_error",
        error_message: "It failed.",
        phase: "idle",
        cause_code: "ECONNRESET",
        upstream_request_id: "gen-1",
        prefix_same: null,
        prefix_previous: null,
        prefix_place: null,
      },
    ]);
    expect(await record.rows("select * from bodies")).toEqual([]);
    expect(record.recorder.state).toEqual({
      path: nameRecordPlace(record.place),
      backlog: 0,
      lost: 0,
      fault: null,
      shared: record.place.kind === "file" ? null : { spooled: 0, awaySinceMs: null },
    });
  });

  test("what is not known is null, a cost that is not known most of all", async () => {
    await using record = await engine.start();
    record.recorder.add(createRecorded({ requestId: "req_1", timeMs: 5 }), []);
    await record.written();
    const [row = {}] = await record.rows("select * from requests");
    const known = Object.entries(row).filter(([, value]) => value !== null);
    expect(Object.fromEntries(known)).toEqual({
      seq: 1,
      id: "req_1",
      time: 5,
      path: "/v1/messages",
      status: 200,
      usage_estimated: 0,
      received_bytes: 0,
      answer_bytes: 0,
      duration_ms: 1,
      sends: 0,
    });
  });

  test("what is read again is what was given", async () => {
    await using record = await engine.start();
    const failed = {
      upstream: "other",
      model: "vendor/x",
      key: null,
      status: null,
      error: "timed out",
      ms: 3,
    };
    const attempts = [failed, ...full.attempts];
    const changes = { dropped: [], repairs: ["r"], warnings: [] };
    const given = { ...full, requestId: "req_2", costUsd: 12.000_000_000_001, attempts, changes };
    for (const request of [full, given]) record.recorder.add(request, bodies());
    await record.written();
    const reader = openRecordReader(record.place);
    for (const request of [full, given]) {
      const found = await reader.find(request.requestId);
      const prefix = request === full ? null : { sameBytes: 5, previousBytes: 5, place: null };
      expect(found?.request).toMatchObject({ ...request, prefix });
      expect(
        found?.bodies.map(({ name, send, text, bytes, isCut }) => [name, send, text, bytes, isCut]),
      ).toEqual(
        expect.arrayContaining([
          ["client-request", 0, "asked äh", 9, false],
          ["upstream-request", 1, "first", 5, false],
          ["upstream-response", 1, "told", 5_000_000, true],
          ["client-response", 0, "answered", 8, false],
        ]),
      );
    }
    await reader.close();
  });

  test("messages are joined, packed, and keep their head", async () => {
    await using record = await engine.start();
    record.recorder.add(createRecorded(), bodies());
    await record.written();
    expect(await readBodies(record)).toEqual([
      { seq: 1, name: "client-request", send: 0, head: null, bytes: 9, is_cut: 0, text: "asked äh" },
      { seq: 1, name: "client-response", send: 0, head: null, bytes: 8, is_cut: 0, text: "answered" },
      {
        seq: 1,
        name: "upstream-request",
        send: 1,
        head: '{"url":"http://x/v1","headers":{"accept":"*/*"}}',
        bytes: 5,
        is_cut: 0,
        text: "first",
      },
      { seq: 1, name: "upstream-response", send: 1, head: null, bytes: 5_000_000, is_cut: 1, text: "told" },
    ]);
  });

  test.each([
    ["off", { errorType: "api_error" }, 0],
    ["errors", {}, 0],
    ["errors", { attempts: [{ ...refused, status: 200 }] }, 0],
    ["errors", { errorType: "api_error" }, 4],
    ["errors", { attempts: [refused, { ...refused, status: 200 }] }, 4],
    ["errors", { attempts: [{ ...refused, status: null, error: "timed out" }] }, 4],
    ["all", {}, 4],
  ] as const)("RECORD_BODIES=%s keeps the messages of %j: %d", async (mode, changes, count) => {
    await using record = await engine.start({ bodies: mode });
    record.recorder.add(createRecorded(changes), bodies());
    await record.written();
    expect(await readBodies(record)).toHaveLength(count);
  });

  test("each request of a session is compared with the one before it, also where no messages are kept", async () => {
    await using record = await engine.start({ bodies: "off" });
    const ask = (messages: string[], changes = {}) =>
      record.recorder.add(createRecorded({ sessionId: "s", model: "m", ...changes }), [
        createBody("upstream-request", [JSON.stringify({ model: "old", messages: [] })], { send: 1 }),
        createBody("upstream-request", [JSON.stringify({ model: "m", messages })], { send: 2 }),
      ]);
    ask(["one"]);
    ask(["one", "two"]);
    ask(["one", "two"], { agentId: "a" });
    ask(["other", "two"]);
    ask(["one"], { sessionId: null });
    ask(["one"], { sessionId: null });
    // Refused by its first target, and then sent to another one; the turn behind it goes on at the first.
    const tried = { key: null, status: 503, error: null, ms: 5 };
    const attempts = [
      { ...tried, upstream: "u", model: "m" },
      { ...tried, upstream: "u", model: "other" },
      { ...tried, upstream: "u", model: "third", status: null, error: "passed over", ms: 0 },
    ];
    ask(["other", "three"], { attempts });
    ask(["other", "two", "four"]);
    await record.written();
    const rows = await record.rows(
      "select prefix_same, prefix_previous, prefix_place from requests order by seq",
    );
    const unknown = { prefix_same: null, prefix_previous: null, prefix_place: null };
    expect(rows).toEqual([
      unknown,
      { prefix_same: 30, prefix_previous: 32, prefix_place: null },
      unknown,
      { prefix_same: 27, prefix_previous: 38, prefix_place: "messages[0]" },
      unknown,
      unknown,
      unknown,
      { prefix_same: 38, prefix_previous: 40, prefix_place: null },
    ]);
    expect(await record.rows("select * from bodies")).toEqual([]);
  });

  test("what is asked beside a conversation goes on from its last turn, and its next turn does not go on from that", async () => {
    await using record = await engine.start({ bodies: "off" });
    const ask = (kind: string, messages: string[], changes = {}) =>
      record.recorder.add(createRecorded({ sessionId: "s", model: "m", kind, ...changes }), [
        createBody("upstream-request", [JSON.stringify({ messages })], { send: 1 }),
      ]);
    ask("main", ["one"]);
    for (const kind of ["aside", "suggestion", "compaction"]) ask(kind, ["one", "two", kind]);
    // These have a prompt of their own each time.
    for (const kind of ["title", "title", "hook", "web_fetch", "web_search", "classifier"])
      ask(kind, ["now"]);
    ask("main", ["one", "two", "three"]);
    ask("subagent", ["else"], { agentId: "a" });
    ask("compaction", ["else", "compact"], { agentId: "a" });
    ask("main", ["summary"]);
    await record.written();
    const rows = await record.rows(
      "select kind, prefix_place from requests where prefix_same is not null order by seq",
    );
    expect(rows).toEqual([
      { kind: "aside", prefix_place: null },
      { kind: "suggestion", prefix_place: null },
      { kind: "compaction", prefix_place: null },
      { kind: "main", prefix_place: null },
      { kind: "compaction", prefix_place: null },
      { kind: "main", prefix_place: "messages[0]" },
    ]);
  });

  test("long texts are cut, and values that no column takes cost only their own request", async () => {
    await using record = await engine.start();
    record.recorder.add(createRecorded({ durationMs: Number.NaN }), []);
    record.recorder.add(
      createRecorded({ clientModel: "m".repeat(1000), errorMessage: "e".repeat(5000) }),
      [],
    );
    await record.written();
    expect(await record.rows("select asked_model, error_message from requests")).toEqual([
      { asked_model: `${"m".repeat(299)}…`, error_message: `${"e".repeat(1999)}…` },
    ]);
    expect(record.recorder.state.lost).toBe(1);
    expect(record.warnings).toEqual([
      "1 request was not recorded. | It has values that the record does not take.",
    ]);
  });

  test("what was added last is in the file after the end, and what comes after it is counted", async () => {
    await using record = await engine.start();
    for (let count = 0; count < 450; count += 1) record.recorder.add(createRecorded(), []);
    await record.recorder.close();
    record.recorder.add(createRecorded(), []);
    expect(await record.rows("select count(*) n from requests")).toEqual([{ n: 450 }]);
    expect(record.recorder.state).toMatchObject({ backlog: 0, lost: 1 });
  });
});

test("a recorder to which nothing is added starts no thread and makes no file", async () => {
  await using record = startRecorder();
  await record.recorder.close();
  expect(await Bun.file(record.path).exists()).toBe(false);
});

test("a thread that fails is started again, and a batch that makes it fail is given up", async () => {
  const threadUrl = new URL("data:text/javascript,throw new Error('broken')");
  await using record = startRecorder({ threadUrl, times: { restartMs: 10 } });
  record.recorder.add(createRecorded(), []);
  await until(() => record.recorder.state.lost === 1);
  expect(record.recorder.state.backlog).toBe(0);
  expect(record.recorder.state.fault).toContain("has failed: ");
});
