import { afterEach, beforeEach, expect, test } from "bun:test";
import { type Answer, chunk, chunksOf, completionOf, toolCallChunk, usageChunk } from "../support/chunks.ts";
import { findGrammarFaults } from "../support/grammar.ts";
import { json, type Reply, sse, status } from "../support/reply.ts";
import { type Pair, readBytes, startPair } from "../support/start-pair.ts";
import { isObject } from "../support/strict/json.ts";
import {
  catchSdkError,
  createSdkClient,
  readMessage,
  type SdkWay,
  sdkRequest,
  sdkWays,
} from "./sdk-clients.ts";

let pair: Pair;

beforeEach(async () => {
  pair = await startPair();
});

afterEach(async () => {
  await pair[Symbol.asyncDispose]();
});

const ways = Object.keys(sdkWays).filter((way): way is SdkWay => way in sdkWays);

const usage = {
  prompt_tokens: 1000,
  completion_tokens: 50,
  total_tokens: 1050,
  prompt_tokens_details: { cached_tokens: 700, cache_write_tokens: 200 },
  completion_tokens_details: { reasoning_tokens: 30 },
};

/** What the SDK's stream helpers add of their own. */
const sdkExtras = { parsed_output: null };

/** The message the SDK must end up with. */
function expectedMessage(way: SdkWay, content: object[], stopReason: string) {
  return {
    id: expect.stringMatching(/^msg_[0-9A-Za-z]{24}$/),
    type: "message",
    role: "assistant",
    model: "claude-sonnet-5-5",
    content,
    stop_reason: stopReason,
    stop_sequence: null,
    stop_details: null,
    container: null,
    ...(way === "messages.create" ? {} : sdkExtras),
    usage: {
      input_tokens: 100,
      cache_read_input_tokens: 700,
      cache_creation_input_tokens: 200,
      cache_creation: {
        // The SDK takes this one from message_start only, where nothing is known yet.
        ephemeral_5m_input_tokens: way === "messages.create" ? 200 : 0,
        ephemeral_1h_input_tokens: 0,
      },
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 30 },
      server_tool_use: null,
      service_tier: "standard",
    },
  };
}

const thinking = {
  type: "thinking",
  thinking: "Let me see.",
  signature: expect.stringMatching(/^ccp1\.[\w-]+$/),
};
const text = (value: string) => ({ type: "text", text: value, citations: null });
const toolUse = (id: string, name: string, value: string) => ({
  type: "tool_use",
  id,
  name,
  input: { value },
});

const readCall = { id: "call_a", name: "Read", arguments: { value: "é/🙂.txt" } };
const bashCall = { id: "call_b", name: "Bash", arguments: { value: "ls -la" } };

const interleaved = [
  toolCallChunk(0, { id: "call_a", name: "Read", arguments: '{"value"' }),
  toolCallChunk(1, { id: "call_b", name: "Bash", arguments: '{"va' }),
  toolCallChunk(0, { arguments: ':"é/🙂.txt"}' }),
  toolCallChunk(1, { arguments: 'lue":"ls -la"}' }),
  chunk({}, "tool_calls"),
  usageChunk(usage),
];

interface Case {
  name: string;
  answer: Answer;
  /** Where the chunks are not the usual ones. */
  chunks?: object[];
  content: object[];
  stopReason: string;
}

const cases: Case[] = [
  {
    name: "[4.1] text",
    answer: { text: "Hello, 🙂 wörld" },
    content: [text("Hello, 🙂 wörld")],
    stopReason: "end_turn",
  },
  {
    name: "[3.3 4.4] thinking, then text",
    answer: { reasoning: "Let me see.", text: "Yes." },
    content: [thinking, text("Yes.")],
    stopReason: "end_turn",
  },
  {
    name: "[3.2] an answer cut by its limit",
    answer: { text: "Once upon", finishReason: "length" },
    content: [text("Once upon")],
    stopReason: "max_tokens",
  },
  {
    name: "[4.5] thinking, text and two calls",
    answer: { reasoning: "Let me see.", text: "I look.", toolCalls: [readCall, bashCall] },
    content: [
      thinking,
      text("I look."),
      toolUse("call_a", "Read", "é/🙂.txt"),
      toolUse("call_b", "Bash", "ls -la"),
    ],
    stopReason: "tool_use",
  },
  {
    name: "[4.5 E20] two calls whose pieces come in turns",
    answer: { toolCalls: [readCall, bashCall] },
    chunks: interleaved,
    content: [toolUse("call_a", "Read", "é/🙂.txt"), toolUse("call_b", "Bash", "ls -la")],
    stopReason: "tool_use",
  },
  {
    name: "[4.5] a call without arguments",
    answer: { toolCalls: [{ id: "call_a", name: "Read", arguments: {} }] },
    content: [{ type: "tool_use", id: "call_a", name: "Read", input: {} }],
    stopReason: "tool_use",
  },
];

test.each(cases.flatMap((item) => ways.map((way) => [`${item.name} (${way})`, item, way] as const)))(
  "%s",
  async (_, { answer, chunks, content, stopReason }, way) => {
    const full = { ...answer, usage };
    pair.upstream.respondWith(({ body }) =>
      isObject(body) && body["stream"] === true ? sse(chunks ?? chunksOf(full, 5)) : json(completionOf(full)),
    );
    const message = await readMessage(way, createSdkClient(pair.proxy.url));
    expect(message).toEqual(expectedMessage(way, content, stopReason));
    expect(pair.upstream.requests.length).toBe(1);
  },
);

test.each(cases.map((item) => [item.name, item] as const))(
  "%s: the stream itself is legal",
  async (_, item) => {
    pair.upstream.reply(sse(item.chunks ?? chunksOf({ ...item.answer, usage }, 5)));
    expect(findGrammarFaults(await readBytes(await pair.post({ ...sdkRequest, stream: true })))).toEqual([]);
  },
);

const overflow =
  "This model's maximum context length is 128000 tokens. However, your messages resulted in 140213 tokens.";

const failures: [string, Reply, object][] = [
  [
    "[5.2] 429",
    status(429, { error: { message: "slow down" } }, { "retry-after": "7" }),
    { name: "RateLimitError", status: 429, type: "rate_limit_error", message: "slow down", retryAfter: "7" },
  ],
  [
    "[5.2] 401",
    status(401, { error: { message: "bad key" } }),
    { name: "AuthenticationError", status: 401, type: "authentication_error", retryAfter: null },
  ],
  [
    "[5.2] 529",
    status(529, { error: { message: "overloaded" } }),
    {
      name: "OverloadedError",
      status: 529,
      type: "overloaded_error",
      message: "overloaded",
      retryAfter: null,
    },
  ],
  [
    "[5.3 E27] an overflow",
    status(400, { error: { message: overflow, code: "context_length_exceeded" } }),
    {
      name: "BadRequestError",
      status: 400,
      type: "invalid_request_error",
      message: "prompt is too long: 140213 tokens > 128000 maximum",
      retryAfter: null,
    },
  ],
];

test.each(
  failures.flatMap(([name, reply, expected]) =>
    ways.map((way) => [`${name} (${way})`, reply, expected, way] as const),
  ),
)("%s before the head is the SDK's error of that name", async (_, reply, expected, way) => {
  pair.upstream.reply(reply);
  const error = await catchSdkError(way, createSdkClient(pair.proxy.url));
  const { error: inner } = Object(error.error);
  const seen: object = {
    name: error.constructor.name,
    status: error.status,
    type: error.type,
    message: inner.message,
    retryAfter: error.headers?.get("retry-after") ?? null,
  };
  expect(seen).toEqual({ message: expect.any(String), ...expected });
  expect(error.requestID).toMatch(/^req_[0-9A-Za-z]{24}$/);
  expect(pair.upstream.requests.length).toBe(1);
});

test.each(ways.map((way) => [way] as const))(
  "[8.1] %s tries again after the time it was told",
  async (way) => {
    pair.upstream.reply(status(429, { error: { message: "slow down" } }, { "retry-after": "1" }));
    pair.upstream.respondWith(({ body }) =>
      isObject(body) && body["stream"] === true
        ? sse(chunksOf({ text: "now" }))
        : json(completionOf({ text: "now" })),
    );
    const startedAtMs = performance.now();
    const message = await readMessage(way, createSdkClient(pair.proxy.url, 1));
    expect(message).toHaveProperty("content", [text("now")]);
    expect(performance.now() - startedAtMs).toBeWithin(1000, 3000);
    expect(pair.upstream.requests.length).toBe(2);
  },
);

test.each(ways.map((way) => [way] as const))("[5.2] %s does not try a 401 again", async (way) => {
  pair.upstream.respondWith(() => status(401, { error: { message: "bad key" } }));
  const error = await catchSdkError(way, createSdkClient(pair.proxy.url, 2));
  expect(error.status).toBe(401);
  expect(pair.upstream.requests.length).toBe(1);
});

const streamWays = ways.filter((way) => way !== "messages.create");

test.each(
  streamWays.flatMap((way) => [
    [way, { error: { code: 529, message: "overloaded" } }, "overloaded_error"] as const,
    [way, { error: { code: 429, message: "slow down" } }, "rate_limit_error"] as const,
    [way, { error: { code: 500, message: "broken" } }, "api_error"] as const,
  ]),
)("[4.7 E26] %s throws what comes in the middle of a stream: %p", async (way, failure, type) => {
  pair.upstream.reply(sse([chunk({ content: "so far" }), failure], { done: false, paceMs: 20 }));
  const error = await catchSdkError(way, createSdkClient(pair.proxy.url));
  expect([error.type, Object(error.error).error]).toEqual([type, { type, message: failure.error.message }]);
});
