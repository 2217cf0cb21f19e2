import { expect, test } from "bun:test";
import { type TranslationCase, translateCompletion } from "../../../support/translate-answer.ts";

const tool = { name: "Bash", input_schema: { type: "object", properties: { command: { type: "string" } } } };
const messages = [{ role: "user", content: "hi" }];
const translationCase: TranslationCase = {
  profile: "generic",
  model: "m",
  request: { model: "claude-opus-5-5", max_tokens: 100, messages, tools: [tool] },
};

/** The calls and the stop reason that a client reads from a whole answer with these calls. */
function read(calls: readonly (readonly [id: string, text: string])[], finishReason: string | null) {
  const tool_calls = calls.map(([id, text]) => ({ id, function: { name: "Bash", arguments: text } }));
  const choice = { index: 0, message: { content: null, tool_calls }, finish_reason: finishReason };
  const { message, events } = translateCompletion(translationCase, { choices: [choice] });
  const told = message?.content.map((block) => (block.type === "tool_use" ? [block.id, block.input] : block));
  const end = events.at(-1);
  return [told, end?.type === "error" ? end.error.message : message?.stop_reason];
}

test("[3.5:cut-by-length] a call that is cut before its first argument is dropped", () => {
  expect(read([["a", ""]], "length")).toEqual([[], "max_tokens"]);
});

test("[3.5:cut-by-length] a call without arguments that another one follows is whole", () => {
  expect(
    read(
      [
        ["a", ""],
        ["b", '{"comm'],
      ],
      "length",
    ),
  ).toEqual([[["a", {}]], "max_tokens"]);
});

test("[3.2:refusal] a call that a filter cut is dropped", () => {
  expect(read([["a", '{"command":"l']], "content_filter")).toEqual([[], "refusal"]);
});

test("[4.7:early-end] a held call that is cut without a finish reason fails the answer", () => {
  expect(read([["a", '{"command":"l']], null)).toEqual([undefined, "upstream.test broke off in a tool call"]);
});
