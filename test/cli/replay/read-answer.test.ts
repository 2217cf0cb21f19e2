import { expect, test } from "bun:test";
import { readAnswer } from "../../../src/cli/replay/read-answer.ts";

const nothing = { text: "", toolCalls: [], stopReason: null, error: null, usage: null };
const stream = (...events: readonly object[]) =>
  events.map((event) => `event: x\ndata: ${JSON.stringify(event)}\n\n`).join("");
const start = {
  type: "message_start",
  message: { usage: { input_tokens: 5, cache_read_input_tokens: 7, output_tokens: 1 } },
};
const text = [
  { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "Hello " } },
  { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "world" } },
];
const thinking = [
  { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "hm" } },
];

test("a whole answer has its texts, its tool calls with long numbers as they were, and its counts", () => {
  const { toolCalls, ...rest } = readAnswer(
    `{"type":"message","stop_reason":"tool_use","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"a"},
    {"type":"text","text":"b"},{"type":"tool_use","name":"Read","input":{"id":1234567890123456789}}],"usage":{"input_tokens":3,"output_tokens":4}}`,
  );
  const usage = { inputTokens: 3, outputTokens: 4, cacheReadTokens: null, cacheWriteTokens: null };
  expect(rest).toEqual({ text: "a\nb", stopReason: "tool_use", error: null, usage });
  expect(JSON.stringify(toolCalls)).toBe('[{"name":"Read","input":{"id":1234567890123456789}}]');
});

test("a stream that was cut off has what came before, and the counts that were told", () => {
  const whole = stream(start, ...thinking, ...text);
  expect(readAnswer(`${whole}event: x\ndata: {"type":"content_block_delta","index":1,"delta":{"ty`)).toEqual({
    ...nothing,
    text: "Hello world",
    usage: { inputTokens: 5, outputTokens: 1, cacheReadTokens: 7, cacheWriteTokens: null },
  });
});

test("a stream that ended with an error has its words", () => {
  const error = { type: "error", error: { type: "overloaded_error", message: "come back later" } };
  expect(readAnswer(stream(...text, error))).toEqual({
    ...nothing,
    text: "Hello world",
    error: "overloaded_error: come back later",
  });
});

test("arguments that are no JSON are shown as they came", () => {
  const events = [
    { type: "content_block_start", index: 0, content_block: { type: "tool_use", name: "Bash", input: {} } },
    { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: '{"comm' } },
  ];
  expect(readAnswer(stream(...events)).toolCalls).toEqual([{ name: "Bash", input: '{"comm' }]);
});

test.each([
  "",
  "nonsense",
  "[1]",
  "{",
  '{"content":7}',
  '{"content":[null,{"type":"text","text":7}]}',
  "data: 7\n\n",
  stream({ type: "content_block_start" }, { type: "message_delta", delta: null }),
])("never throws: %p", (answer) => {
  expect(readAnswer(answer)).toEqual(nothing);
});
