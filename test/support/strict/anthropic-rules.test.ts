import { expect, test } from "bun:test";
import { findAnthropicFaults } from "./anthropic-rules.ts";

const signed = new Map([["sig-1", "Hm."]]);
const user = (content: unknown = "hi") => ({ role: "user", content });
const assistant = (...content: object[]) => ({ role: "assistant", content });
const thinking = (signature = "sig-1", text = "Hm.") => ({ type: "thinking", thinking: text, signature });
const call = (id = "call_1", more: object = {}) => ({
  type: "tool_use",
  id,
  name: "Read",
  input: {},
  ...more,
});
const result = (id = "call_1", more: object = {}) => ({
  type: "tool_result",
  tool_use_id: id,
  content: "",
  ...more,
});
const text = (words = "yes", more: object = {}) => ({ type: "text", text: words, ...more });
const thinks = { thinking: { type: "enabled", budget_tokens: 1024 } };

const request = (messages: object[], more: object = {}) => ({
  model: "m",
  max_tokens: 2000,
  messages,
  ...more,
});
const round = (...content: object[]) => request([user(), assistant(...content), user([result()])]);

test.each<[string, object]>([
  ["a question", request([user()])],
  ["a round", round(thinking(), text(), call())],
  ["a round while thinking", { ...round(thinking(), call()), ...thinks }],
  ["a new turn without thinking", request([user(), assistant(text()), user()], thinks)],
  ["tools", request([user()], { tools: [{ name: "Read", input_schema: { type: "object" } }] })],
])("%s is in order", (_, good) => expect(findAnthropicFaults(good, signed)).toEqual([]));

test.each<[string, unknown]>([
  ["must be a JSON object", []],
  ["reasoning: Extra", request([user()], { reasoning: {} })],
  ["model", request([user()], { model: "" })],
  ["max_tokens", request([user()], { max_tokens: 0 })],
  ["temperature: range", request([user()], { temperature: 1.5 })],
  ["budget_tokens", request([user()], { thinking: { type: "enabled", budget_tokens: 5 } })],
  ["must be greater than", request([user()], { thinking: { type: "enabled", budget_tokens: 2000 } })],
  ["may only be set to 1", request([user()], { ...thinks, temperature: 0.5 })],
  ["`top_k`", request([user()], { ...thinks, top_k: 5 })],
  ["`top_p`", request([user()], { ...thinks, top_p: 0.5 })],
  ["forces tool use", request([user()], { ...thinks, tool_choice: { type: "any" } })],
  ["tools.0.custom.name", request([user()], { tools: [{ name: "a b", input_schema: { type: "object" } }] })],
  ["input_schema", request([user()], { tools: [{ name: "a", input_schema: {} }] })],
  ["at least one message", request([])],
  ["the role must be user", request([assistant(text())])],
  ["the role must be assistant", request([user(), user()])],
  ["non-empty content", request([user([])])],
  ["must not be empty", request([user(" ")])],
  ["non-whitespace", request([user([text("")])])],
  ["does not match", request([user([{ type: "input_text", text: "hi" }])])],
  ["content.0.extra_content: Extra", round(call("call_1", { extra_content: {} }))],
  ["blocks are of the assistant", request([user([thinking()])])],
  ["blocks are of the user", request([user(), assistant(result()), user()])],
  ["id: String", request([user(), assistant(call("a.b:0")), user([result("a.b:0")])])],
  ["name: String", round(call("call_1", { name: "a b" }))],
  ["input: Input", round(call("call_1", { input: "{}" }))],
  ["Invalid `signature`", round(thinking("made elsewhere"), call())],
  ["Invalid `signature`", round(thinking("sig-1", "Changed."), call())],
  ["Invalid `data`", round({ type: "redacted_thinking", data: "x" }, call())],
  ["must have one result", request([user(), assistant(call()), user()])],
  ["must have one result", request([user(), assistant(call()), user([result(), result()])])],
  ["unexpected `tool_use_id`", request([user([result()])])],
  ["must come first", request([user(), assistant(call()), user([text(), result()])])],
  [
    "must be unique",
    request([user(), assistant(call()), user([result()]), assistant(call()), user([result()])]),
  ],
  ["calls without results", request([user(), assistant(call())])],
  ["must start with a thinking block", { ...round(call()), ...thinks }],
  ["A maximum of 4", request([user(Array.from({ length: 5 }, () => text("a", { cache_control: {} })))])],
  [
    "Invalid `encrypted_content`",
    request([
      user(),
      assistant({ type: "web_search_tool_result", tool_use_id: "s", content: [{ encrypted_content: "" }] }),
      user(),
    ]),
  ],
])("refused: %s", (words, bad) => expect(findAnthropicFaults(bad, signed).join("\n")).toContain(words));
