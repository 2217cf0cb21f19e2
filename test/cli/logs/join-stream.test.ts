import { expect, test } from "bun:test";
import { type AnswerPart, isStream, joinAnswer } from "../../../src/cli/logs/join-stream.ts";

const thinking: AnswerPart = { kind: "thinking", name: null, text: "Hm." };
const said: AnswerPart = { kind: "text", name: null, text: "Hello" };
const called: AnswerPart = { kind: "tool", name: "Bash", text: '{"command":"ls"}' };
const all = [thinking, said, called];
const json = '{"command":"ls"}';

const whole: Record<string, object> = {
  "Anthropic's": {
    content: [
      5,
      { type: "thinking", thinking: "Hm." },
      { type: "text", text: "Hello" },
      { type: "tool_use", name: "Bash", input: { command: "ls" } },
      { type: "image", text: "none", thinking: "none" },
    ],
  },
  "Chat Completions'": {
    choices: [
      {
        message: {
          reasoning_content: "Hm.",
          content: "Hello",
          tool_calls: [null, { function: 5 }, { function: { name: "Bash", arguments: json } }],
        },
      },
    ],
  },
  "the Responses API's": {
    output: [
      null,
      { type: "reasoning", summary: [7, { type: "summary_text", text: "Hm." }] },
      { type: "message", content: ["none", { type: "output_text", text: "Hello" }] },
      { type: "function_call", name: "Bash", arguments: json },
      { type: "custom_tool_call", name: "Other", arguments: "none" },
    ],
  },
};

test.each(Object.entries(whole))("the parts of a whole answer on %s wire", (_wire, answer) => {
  expect(joinAnswer(JSON.stringify(answer))).toEqual(all);
});

const streamed: Record<string, object[]> = {
  "Anthropic's": [
    { type: "content_block_start", content_block: { type: "thinking", thinking: "" } },
    { type: "content_block_delta", delta: { type: "thinking_delta", thinking: "Hm." } },
    { type: "content_block_start", content_block: { type: "text", text: "" } },
    { type: "content_block_delta", delta: { type: "text_delta", text: "Hel" } },
    { type: "content_block_delta", delta: { type: "text_delta", text: "lo" } },
    { type: "content_block_start", content_block: { type: "tool_use", name: "Bash" } },
    { type: "content_block_delta", delta: { type: "input_json_delta", partial_json: json } },
  ],
  "Chat Completions'": [
    { choices: [{ delta: { reasoning: "Hm." } }] },
    { choices: [{ delta: { content: "Hel" } }] },
    { choices: [{ delta: { content: "lo" } }] },
    { choices: [{ delta: { tool_calls: [{ function: { name: "Bash", arguments: "" } }] } }] },
    { choices: [{ delta: { tool_calls: [{ function: { arguments: json } }] } }] },
  ],
  "the Responses API's": [
    { type: "response.reasoning_summary_text.delta", delta: "Hm." },
    { type: "response.output_text.delta", delta: "Hel" },
    { type: "response.output_text.delta", delta: "lo" },
    { type: "response.output_item.added", item: { type: "message", name: "none" } },
    { type: "response.output_item.added", item: { type: "function_call", name: "Bash", arguments: "" } },
    { type: "response.function_call_arguments.delta", delta: json },
  ],
};

test.each(Object.entries(streamed))("the parts of a stream on %s wire", (_wire, events) => {
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  expect(isStream(text)).toBe(true);
  expect(joinAnswer(`${text}data: [DONE]\n\n`)).toEqual(all);
});

test("nothing is made of what is no answer", () => {
  for (const text of ["", "<html>", "[]", "5", '{"error":{"message":"no"}}', 'data: {"choices":5}\n\n']) {
    expect(joinAnswer(text)).toEqual([]);
  }
  expect([isStream("{}"), isStream(": ping\n\n"), isStream("event: ping\n")]).toEqual([false, true, true]);
});
