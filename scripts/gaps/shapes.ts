import { deflateRawSync } from "node:zlib";
import { envelopePrefix } from "../../src/translate/reasoning/reasoning-envelope.ts";

/** Something that a client sends, or an upstream answers, that once stopped everybody for seconds or hours. */
export interface Shape {
  name: string;
  profile: "generic" | "openrouter" | "gemini" | "ollama";
  /** Members of the messages request, beside the ones that every request has. */
  request: () => { [key: string]: unknown };
  /** What the upstream answers; a word when not given. */
  answer?: () => UpstreamReply;
  /** How many of the request come at once; 1 when not given. */
  times?: number;
  /** Counted, not answered. */
  isCount?: boolean;
}

/** What an upstream answers with; a plain value, as it goes to a thread of its own. */
export interface UpstreamReply {
  status: number;
  headers: { [name: string]: string };
  /** Sent one by one. */
  pieces: string[];
}

const jwtLike = (length: number) => "eyJ-".repeat(length / 4);
const says = (content: unknown) => ({ messages: [{ role: "user", content }] });
const listOf = <Item>(count: number, item: (index: number) => Item) =>
  Array.from({ length: count }, (_, index) => item(index));
const assistantSays = (content: unknown) => ({
  messages: [
    { role: "user", content: "hi" },
    { role: "assistant", content },
    { role: "user", content: "go on" },
  ],
});
const toolOf = (name: string, properties: { [key: string]: unknown } = {}, more = {}) => ({
  name,
  input_schema: { type: "object", properties, additionalProperties: false, ...more },
});
const manyProperties = (count: number) =>
  Object.fromEntries(listOf(count, (index) => [`property_${index}`, { type: "string" }]));
const required = (count: number) => Object.keys(manyProperties(count));
const streamOf = (events: readonly object[]): UpstreamReply => ({
  status: 200,
  headers: { "content-type": "text/event-stream" },
  pieces: [...events.map((event) => `data: ${JSON.stringify(event)}\n\n`), "data: [DONE]\n\n"],
});
const deltaOf = (delta: object, id = "c") => ({ id, choices: [{ index: 0, delta }] });
const stop = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
const words = 'The quick brown fox\n jumps over "the" lazy dog. ';

function signature(index: number): string {
  const json = JSON.stringify({ f: "or-openai", m: "openai/x", t: "a".repeat(1_000_000), h: `${index}` });
  return envelopePrefix + deflateRawSync(json).toString("base64url");
}

function repeatedCalls(count: number): { [key: string]: unknown } {
  const input = { text: "x".repeat(5_000_000) };
  const call = (given: unknown) => ({ type: "tool_use", id: "toolu_1", name: "Write", input: given });
  const result = { type: "tool_result", tool_use_id: "toolu_1", content: "ok" };
  return {
    messages: [
      { role: "user", content: "hi" },
      { role: "assistant", content: [call(input)] },
      { role: "user", content: [result] },
      ...listOf(count, () => [
        { role: "assistant", content: [call({ text: "y" })] },
        { role: "user", content: [result] },
      ]).flat(),
    ],
  };
}

const waits = (headers: number): UpstreamReply => ({
  status: 429,
  headers: Object.fromEntries([
    ["retry-after", `${"1ms".repeat(40)}!`],
    ...listOf(headers - 1, (index) => [`x-ratelimit-reset-${index}`, `${"1ms".repeat(40)}!`]),
  ]),
  pieces: ['{"error":{"message":"slow down"}}'],
});

/** The rows of the review's table of stalls, and the largest bodies. */
export const shapes: readonly Shape[] = [
  {
    name: "unknown field of JWT beginnings",
    profile: "generic",
    request: () => ({ ...says("hi"), [jwtLike(520_000)]: 1 }),
  },
  {
    name: "tool_choice.name of JWT beginnings",
    profile: "generic",
    request: () => ({
      ...says("hi"),
      tools: [toolOf("a")],
      tool_choice: { type: "tool", name: jwtLike(130_000) },
    }),
  },
  {
    name: "user_id of session words",
    profile: "generic",
    request: () => ({ ...says("hi"), metadata: { user_id: `${"_session_a".repeat(30_000)}!` } }),
  },
  {
    name: "150,000 texts of an assistant",
    profile: "generic",
    request: () => assistantSays(listOf(150_000, () => ({ type: "text", text: "a" }))),
  },
  { name: "a call of 5 MB, 3,000 times", profile: "generic", request: () => repeatedCalls(3_000) },
  {
    name: "20,000 tools and removals",
    profile: "generic",
    request: () => ({
      tools: listOf(2_000, (index) => toolOf(`tool_${index}`)),
      messages: [
        { role: "user", content: "hi" },
        {
          role: "system",
          content: listOf(20_000, (index) => ({ type: "tool_removal", tool_name: `tool_${index}` })),
        },
      ],
    }),
  },
  {
    name: "strict tool with 40,000 required",
    profile: "generic",
    request: () => ({
      ...says("hi"),
      tools: [{ ...toolOf("a", manyProperties(40_000), { required: required(40_000) }), strict: true }],
    }),
  },
  {
    name: "40,000 redacted thoughts",
    profile: "openrouter",
    request: () => ({
      model: "anthropic/claude-opus-4.6",
      ...assistantSays([
        ...listOf(40_000, (index) => ({ type: "redacted_thinking", data: `x${index}` })),
        { type: "text", text: "ok" },
      ]),
    }),
  },
  {
    name: "1,000 signatures that inflate to 1 MB",
    profile: "openrouter",
    request: () => ({
      model: "openai/gpt-5.2",
      ...assistantSays([
        ...listOf(1_000, (index) => ({ type: "thinking", thinking: "t", signature: signature(index) })),
        { type: "text", text: "ok" },
      ]),
    }),
  },
  {
    name: "400 references of 500 KB",
    profile: "gemini",
    request: () => ({
      ...says("hi"),
      tools: [
        toolOf("a", Object.fromEntries(listOf(400, (index) => [`p${index}`, { $ref: "#/$defs/a" }])), {
          $defs: { a: { $ref: `#/${"a/".repeat(250_000)}` } },
        }),
      ],
    }),
  },
  {
    name: "PDF of 24 MB",
    profile: "openrouter",
    request: () =>
      says([
        {
          type: "document",
          source: { type: "base64", media_type: "application/pdf", data: "JVBERi0x".repeat(3_000_000) },
        },
      ]),
  },
  {
    name: "text of 30 MB, twice at once",
    profile: "generic",
    times: 2,
    request: () => says(words.repeat(600_000)),
  },
  {
    name: "images of 30 MB, ten at once",
    profile: "generic",
    times: 10,
    request: () =>
      says(
        listOf(10, () => ({
          type: "image",
          source: { type: "base64", media_type: "image/png", data: "A".repeat(3_000_000) },
        })),
      ),
  },
  {
    name: "conversation of 30 MB to be counted, eight times",
    profile: "generic",
    times: 8,
    isCount: true,
    request: () => ({
      messages: listOf(301, (index) => ({
        role: index % 2 ? "assistant" : "user",
        content: words.repeat(2_000),
      })),
    }),
  },
  {
    name: "160,000 texts of a user",
    profile: "generic",
    request: () => says(listOf(160_000, () => ({ type: "text", text: "a" }))),
  },
  {
    name: "300,000 faulty blocks",
    profile: "generic",
    request: () => says(listOf(300_000, () => 1)),
  },
  {
    name: "99,999 messages",
    profile: "generic",
    request: () => ({
      messages: listOf(99_999, (index) => ({ role: index % 2 ? "assistant" : "user", content: "hi" })),
    }),
  },
  {
    name: "1,000 stop sequences, 300 chunks",
    profile: "generic",
    request: () => ({ ...says("hi"), stop_sequences: listOf(1_000, (index) => `sequence ${index}`) }),
    answer: () => streamOf([...listOf(300, () => deltaOf({ content: "some words " })), stop]),
  },
  {
    name: "40,000 properties, called once",
    profile: "generic",
    request: () => ({
      ...says("hi"),
      tools: [toolOf("a", manyProperties(40_000), { required: required(40_000) })],
    }),
    answer: () =>
      streamOf([
        deltaOf({
          tool_calls: [
            {
              index: 0,
              id: "c1",
              function: { name: "a", arguments: JSON.stringify(manyProperties(40_000)) },
            },
          ],
        }),
        stop,
      ]),
  },
  {
    name: "2,000 tools, 10,000 calls of unknown names",
    profile: "generic",
    request: () => ({ ...says("hi"), tools: listOf(2_000, (index) => toolOf(`tool_${index}`)) }),
    answer: () =>
      streamOf([
        ...listOf(100, (chunk) =>
          deltaOf({
            tool_calls: listOf(100, (call) => ({
              index: chunk * 100 + call,
              id: `c${chunk}_${call}`,
              function: { name: `unknown_${call}`, arguments: "{}" },
            })),
          }),
        ),
        stop,
      ]),
  },
  {
    name: "retry-after of 40 durations",
    profile: "generic",
    request: () => says("hi"),
    answer: () => waits(1),
  },
  { name: "ten such headers", profile: "generic", request: () => says("hi"), answer: () => waits(10) },
  {
    name: "128 KB of blanks in Kimi's notation",
    profile: "ollama",
    request: () => ({ ...says("hi"), tools: [toolOf("a")] }),
    answer: () =>
      streamOf([
        deltaOf({ content: `<|tool_calls_section_begin|><|tool_call_begin|>${" ".repeat(128_000)}` }),
        deltaOf({ content: "<|tool_calls_section_end|>" }),
        stop,
      ]),
  },
  {
    name: "chunk id of JWT beginnings",
    profile: "generic",
    request: () => says("hi"),
    answer: () => streamOf([deltaOf({ content: "a" }, jwtLike(260_000)), stop]),
  },
  {
    name: "answer of 10 MB in pieces of 64 KB",
    profile: "generic",
    request: () => says("hi"),
    answer: () => streamOf([...listOf(160, () => deltaOf({ content: words.repeat(1_300) })), stop]),
  },
  {
    name: "call with arguments of 10 MB",
    profile: "generic",
    request: () => ({ ...says("hi"), tools: [toolOf("a")] }),
    answer: () =>
      streamOf([
        deltaOf({
          tool_calls: [
            {
              index: 0,
              id: "c1",
              function: { name: "a", arguments: JSON.stringify({ text: words.repeat(200_000) }) },
            },
          ],
        }),
        stop,
      ]),
  },
];
