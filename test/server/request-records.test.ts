import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ApiError } from "../../src/anthropic/api-error.ts";
import type { RequestRecord } from "../../src/logging/request-record.ts";
import { createExchange } from "../../src/relay/exchange.ts";
import { chunk, chunksOf, completionOf, stopChunk } from "../support/chunks.ts";
import { json, type Reply, silence, sse, status } from "../support/reply.ts";
import { hello, type Pair, startPair } from "../support/start-pair.ts";

let pair: Pair;

beforeAll(async () => {
  pair = await startPair({ limits: { idleMs: 300, firstByteMs: 300 } });
});

afterAll(async () => {
  await pair[Symbol.asyncDispose]();
});

/** The record of one request; its answer is read to its end. */
async function recordOf(reply: Reply, stream: boolean): Promise<RequestRecord> {
  const index = pair.proxy.records.length;
  pair.upstream.reply(reply);
  await (await pair.post({ ...hello, stream })).text();
  return await pair.proxy.record(index);
}

/** The record of an exchange by itself. */
function recordAfter(play: (exchange: ReturnType<typeof createExchange>) => void): RequestRecord {
  const records: RequestRecord[] = [];
  const logger = { error: () => {}, request: (record: RequestRecord) => records.push(record) };
  const exchange = createExchange(new Request("http://127.0.0.1/v1/messages"), {
    requestId: "req_1",
    now: () => new Date(),
    logger,
  });
  play(exchange);
  exchange.end();
  const [record] = records;
  if (record === undefined) throw new Error("no record");
  return record;
}

const said = [chunk({ role: "assistant", content: "one" }), chunk({ content: "two" })];

test("a whole answer has no cause of a failure, and no events went out", async () => {
  const record = await recordOf(json(completionOf({ text: "hello" })), false);
  expect(record).toMatchObject({ causeCode: null, phase: null, errorType: null, events: null });
});

test("a stream's events are counted: the head with its ping, block, text, end", async () => {
  const record = await recordOf(sse(chunksOf({ text: "hello" })), true);
  expect(record).toMatchObject({ causeCode: null, phase: null, errorType: null, events: 7 });
});

test("a count is told with its models and its tokens", async () => {
  const index = pair.proxy.records.length;
  const { input_tokens: inputTokens } = Object(await (await pair.count()).json());
  expect(await pair.proxy.record(index)).toMatchObject({
    path: "/v1/messages/count_tokens",
    clientModel: hello.model,
    upstreamModel: "medium-model",
    protocol: "chat",
    inputTokens,
    stream: null,
  });
});

describe("a failure behind text says how many events there were, where it broke and why", () => {
  test.each<[string, Reply, Partial<RequestRecord>]>([
    [
      "[row 10] a reset",
      sse(said, { done: false, end: "reset", paceMs: 30 }),
      { phase: "body", errorType: "api_error", causeCode: "ECONNRESET" },
    ],
    [
      "[row 11] an end without the last chunk",
      sse(said, { done: false, end: "fin", paceMs: 30 }),
      { phase: "body", errorType: "api_error", causeCode: "ECONNRESET" },
    ],
    [
      "[row 12] an end in good order, without finish reason",
      sse(said, { done: false, paceMs: 30 }),
      { phase: "body", errorType: "api_error", causeCode: null },
    ],
    [
      "[row 8] silence",
      sse(said, { done: false, end: "stall", paceMs: 30 }),
      { phase: "idle", errorType: "timeout_error", causeCode: null },
    ],
  ])("%s", async (_name, reply, expected) => {
    const record = await recordOf(reply, true);
    expect(record).toMatchObject({ status: 200, ...expected });
    // message_start, ping, content_block_start and two deltas.
    expect(record.events).toBe(5);
  });
});

test("a head that never comes has no cause in the system", async () => {
  const record = await recordOf(silence(), true);
  expect(record).toMatchObject({
    phase: "first_byte",
    errorType: "timeout_error",
    causeCode: null,
    events: null,
  });
});

test("a status of the upstream has no cause in the system, whatever code its body has", async () => {
  const body = { error: { message: "no", code: "INSUFFICIENT_QUOTA" } };
  const record = await recordOf(status(403, body), true);
  expect(record).toMatchObject({ errorType: "billing_error", causeCode: null, events: null });
});

test("a call that the upstream cuts off is a broken body", async () => {
  const call = { index: 0, id: "c", type: "function", function: { name: "f", arguments: '{"a":' } };
  const record = await recordOf(sse([chunk({ tool_calls: [call] }), stopChunk]), true);
  expect(record).toMatchObject({ phase: "body", errorType: "api_error", causeCode: null });
});

describe("[row 1] a connection that is refused", () => {
  test.each([true, false])("streamed %p", async (stream) => {
    await using lonely = await startPair();
    await lonely.upstream.stop();
    await (await lonely.post({ ...hello, stream })).text();
    expect(await lonely.proxy.record(0)).toMatchObject({
      status: 502,
      phase: "connect",
      errorType: "api_error",
      causeCode: "ECONNREFUSED",
      events: null,
    });
  });
});

describe("an exchange by itself", () => {
  test.each<[string, unknown, string | null]>([
    ["the cause's", Object.assign(new Error("x"), { code: "ENOTFOUND" }), "ENOTFOUND"],
    [
      "the cause's cause's",
      new Error("x", { cause: Object.assign(new Error("y"), { code: "EPIPE" }) }),
      "EPIPE",
    ],
    [
      "a certificate's",
      Object.assign(new Error("x"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
      "DEPTH_ZERO_SELF_SIGNED_CERT",
    ],
    ["no number", Object.assign(new Error("x"), { code: 20 }), null],
    ["no key", Object.assign(new Error("x"), { code: "sk-or-v1-0123456789abcdef" }), null],
    ["no address", Object.assign(new Error("x"), { code: "https://user:word@host/" }), null],
    ["nothing long", Object.assign(new Error("x"), { code: "E".repeat(65) }), null],
    ["nothing without one", new Error("ECONNRESET"), null],
    ["nothing of what is no error", { code: "ECONNRESET" }, null],
  ])("the code is %s", (_name, cause, code) => {
    const record = recordAfter((exchange) =>
      exchange.noteError(new ApiError("api_error", "broken", { cause }), "body"),
    );
    expect(record.causeCode).toBe(code);
  });

  test("causes that go round in a circle end", () => {
    const cause = new Error("x");
    cause.cause = cause;
    const record = recordAfter((exchange) =>
      exchange.noteError(new ApiError("api_error", "broken", { cause }), "body"),
    );
    expect(record.causeCode).toBeNull();
  });
});

describe("tokens per second", () => {
  test("of a whole answer are over all of its time", async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 100, total_tokens: 110 };
    const reply = json({ ...completionOf({ text: "hello" }), usage }, { headDelayMs: 200 });
    const record = await recordOf(reply, false);
    expect(record.tokensPerSecond).toBeWithin(10, 501);
    expect(record.tokensPerSecond).toBeCloseTo(100 / (record.durationMs / 1000), 3);
    expect(record.firstByteMs).toBeWithin(190, record.durationMs + 1);
  });

  test("of a stream are over the time behind its first byte", async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 100, total_tokens: 110 };
    const slow = sse([...said, stopChunk, { choices: [], usage }], { paceMs: 50, headDelayMs: 250 });
    const record = await recordOf(slow, true);
    expect(record.tokensPerSecond).toBeWithin(10, 1001);
    const writingMs = record.durationMs - (record.firstByteMs ?? 0);
    expect(record.tokensPerSecond).toBeCloseTo(100 / (writingMs / 1000), 3);
  });

  test.each([true, false])("are not told of less than a millisecond; streamed %p", (stream) => {
    const record = recordAfter((exchange) => {
      exchange.fields.stream = stream;
      exchange.fields.outputTokens = 100;
      exchange.noteFirstByte();
    });
    expect(record.durationMs).toBeLessThan(1);
    expect(record.tokensPerSecond).toBeNull();
  });
});

test.each([
  [
    "blocks",
    [
      { type: "text", text: "You are Claude." },
      { type: "text", text: "You are a security monitor for x" },
    ],
    {},
    true,
  ],
  ["a text", "You are a security monitor for x", {}, true],
  ["another text", "Say: You are a security monitor", {}, false],
  ["a stream", "You are a security monitor", { stream: true }, false],
  [
    "tools",
    "You are a security monitor",
    { tools: [{ name: "Read", input_schema: { type: "object" } }] },
    false,
  ],
  ["no system text", undefined, {}, false],
])("a check of auto mode is told by its system text: %s", async (_name, system, changes, isCheck) => {
  const index = pair.proxy.records.length;
  pair.upstream.reply(json(completionOf({ text: "<block>no" })));
  await (
    await pair.post({ ...hello, stream: false, ...(system === undefined ? {} : { system }), ...changes })
  ).text();
  expect((await pair.proxy.record(index)).kind).toBe(isCheck ? "auto-mode-check" : null);
});
