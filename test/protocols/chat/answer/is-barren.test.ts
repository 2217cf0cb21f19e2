import { expect, test } from "bun:test";
import { createTestTranslator } from "../../../support/translate-answer.ts";

const estimate = { inputTokens: 1, outputTokens: 1 };
const request = { model: "c", max_tokens: 100, messages: [{ role: "user", content: "hi" }] };

test.each<[string, object, object, boolean, boolean]>([
  ["nothing", {}, { finish_reason: "stop" }, true, true],
  ["nothing, for a reason", {}, { finish_reason: "length" }, false, false],
  ["text", { content: "a" }, { finish_reason: "stop" }, false, false],
  ["blanks", { content: " " }, { finish_reason: "stop" }, true, false],
  ["reasoning", { reasoning_content: "a" }, { finish_reason: "stop" }, false, false],
  ["a call without a name", { tool_calls: [{ index: 0, id: "a" }] }, { finish_reason: "stop" }, false, false],
  [
    "reasoning that nobody can read",
    { reasoning_details: [{ type: "reasoning.encrypted", data: "x" }] },
    { finish_reason: "stop" },
    true,
    false,
  ],
])("[4.8:empty] an answer of %s is empty before and behind its end", (_, delta, end, before, behind) => {
  const translator = createTestTranslator({ profile: "openrouter", model: "m", request });
  translator.push({ choices: [{ index: 0, delta }] }, estimate);
  translator.push({ choices: [{ index: 0, delta: {}, ...end }] }, estimate);
  expect(translator.isBarren).toBe(before);
  translator.finish("done", estimate);
  expect(translator.isBarren).toBe(behind);
});
