import { afterEach, beforeEach, expect, test } from "bun:test";
import { type Answer, chunk, chunksOf, completionOf, toolCallChunk, usageChunk } from "../support/chunks.ts";
import { findGrammarFaults } from "../support/grammar.ts";
import { json, sse } from "../support/reply.ts";
import { type Pair, readBytes, startPair } from "../support/start-pair.ts";
import { isObject } from "../support/strict/json.ts";
import { createSdkClient, readMessage, type SdkWay, sdkRequest, ways } from "./sdk-clients.ts";

let pair: Pair;

beforeEach(async () => {
  pair = await startPair();
});

afterEach(async () => {
  await pair[Symbol.asyncDispose]();
});

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
    name: "[3.1:id 3.1:type 3.1:nulls 4.1:order 4.1:starts 4.1:message_delta 3.3:text] text",
    answer: { text: "Hello, 🙂 wörld" },
    content: [text("Hello, 🙂 wörld")],
    stopReason: "end_turn",
  },
  {
    name: "[3.3:reasoning 4.4:signature] thinking, then text",
    answer: { reasoning: "Let me see.", text: "Yes." },
    content: [thinking, text("Yes.")],
    stopReason: "end_turn",
  },
  {
    name: "[3.2:length] an answer cut by its limit",
    answer: { text: "Once upon", finishReason: "length" },
    content: [text("Once upon")],
    stopReason: "max_tokens",
  },
  {
    name: "[4.5:forward 3.1:content] thinking, text and two calls",
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
    name: "[4.5:other E20] two calls whose pieces come in turns",
    answer: { toolCalls: [readCall, bashCall] },
    chunks: interleaved,
    content: [toolUse("call_a", "Read", "é/🙂.txt"), toolUse("call_b", "Bash", "ls -la")],
    stopReason: "tool_use",
  },
  {
    name: "[4.5:empty] a call without arguments",
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
