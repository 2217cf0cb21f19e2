import { expect, test } from "bun:test";
import { parseRepair as parseChatRepair } from "../../src/protocols/chat/repair/parse-repair.ts";
import type { ChatRepair } from "../../src/protocols/chat/repair/repair.ts";
import { parseRepair as parseResponsesRepair } from "../../src/protocols/responses/repair/parse-repair.ts";
import type { ResponsesRepair } from "../../src/protocols/responses/repair/repair.ts";
import type { SharedRepair } from "../../src/translate/refusals/shared-repair.ts";

const scope = "model";
const shared: SharedRepair[] = [
  { kind: "omit-field", field: "reasoning.effort", scope },
  { kind: "cap-output", maxTokens: 8192, scope },
  { kind: "raise-output", minTokens: 16, scope },
  { kind: "loosen-response-format", to: "prompt", scope },
  { kind: "omit-thinking", scope },
  { kind: "omit-thinking-level", level: "max", scope },
  { kind: "omit-images", scope },
  { kind: "plainer-schemas", rules: "grammar", scope },
  { kind: "omit-strict", of: "Bash", scope },
];
const ofChat: ChatRepair[] = [
  { kind: "rename-output-limit", field: "max_completion_tokens", scope },
  { kind: "thinking-off-for-forced-choice", form: "qwen", scope },
  { kind: "effort-none-with-tools", scope },
  { kind: "assistant-between-tool-and-user", scope },
  { kind: "omit-empty-parameters", scope },
  { kind: "short-tool-ids", scope },
  { kind: "one-call-a-message", scope },
  { kind: "system-into-user", scope },
];
const ofResponses: ResponsesRepair[] = [
  { kind: "thinking-off-for-forced-choice", level: "none", scope },
  { kind: "other-thinking-level", level: "max", as: "high", scope },
  { kind: "omit-include", value: "reasoning.encrypted_content", scope },
  { kind: "with-reasoning-ids", scope },
  { kind: "newest-reasoning-only", scope },
  { kind: "without-encrypted", scope },
  { kind: "instructions-into-input", scope },
];

const kept = (repair: object): unknown => JSON.parse(JSON.stringify(repair));

test.each([...shared, ...ofChat])("chat: what was kept is the same repair again: %p", (repair) => {
  expect(parseChatRepair(kept(repair))).toEqual(repair);
});

test.each([...shared, ...ofResponses])("responses: what was kept is the same repair again: %p", (repair) => {
  expect(parseResponsesRepair(kept(repair))).toEqual(repair);
});

test.each([
  null,
  "omit-images",
  [[]],
  {},
  { kind: 7 },
  { kind: "constructor" },
  { kind: "rebuild-without-reasoning", scope: "conversation" },
  { kind: "free-tool-choice", as: "auto", scope: "request" },
  { kind: "omit-field" },
  { kind: "omit-field", field: "" },
  { kind: "omit-field", field: "messages" },
  { kind: "omit-field", field: "content" },
  { kind: "omit-field", field: "x".repeat(301) },
  { kind: "cap-output", maxTokens: 0 },
  { kind: "cap-output", maxTokens: -1 },
  { kind: "cap-output", maxTokens: 1.5 },
  { kind: "raise-output", minTokens: 1e9 },
  { kind: "rename-output-limit", field: "messages" },
  { kind: "thinking-off-for-forced-choice" },
  { kind: "loosen-response-format", to: "xml" },
  { kind: "plainer-schemas", rules: "none" },
  { kind: "omit-strict" },
  { kind: "omit-thinking-level", level: {} },
  { kind: "other-thinking-level", level: "max" },
  { kind: "omit-include", value: null },
])("what is no repair of a model, or not known, is left out: %p", (value) => {
  expect([parseChatRepair(value), parseResponsesRepair(value)]).toEqual([null, null]);
});

test("a repair is always one for the model, whatever scope stands beside it", () => {
  expect(parseChatRepair({ kind: "omit-images", scope: "conversation", x: 1 })).toEqual({
    kind: "omit-images",
    scope,
  });
});
