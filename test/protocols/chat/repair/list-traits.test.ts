import { describe, expect, test } from "bun:test";
import type { ChatRequest } from "../../../../src/protocols/chat/chat-request.ts";
import {
  addTraits,
  hasEmptyParameters,
  listInnerFields,
  refusedTrait,
} from "../../../../src/protocols/chat/repair/list-traits.ts";
import type { ChatRepair } from "../../../../src/protocols/chat/repair/repair.ts";
import { readTool, requestOf } from "./refusal.ts";

const said = { role: "assistant", content: "a" } as const;
const called = { role: "tool", tool_call_id: "t", content: "ok" } as const;
const user = { role: "user", content: "hi" } as const;
const marked = { type: "text", text: "hi", cache_control: { type: "ephemeral" } } as const;

describe("[R0:unsupported] fields that stand in messages and tools", () => {
  test.each<[Partial<ChatRequest>, string[]]>([
    [{}, []],
    [{ messages: [{ ...said, reasoning: "r" }] }, ["reasoning"]],
    [{ messages: [{ ...said, reasoning_content: "r" }] }, ["reasoning_content"]],
    [{ messages: [{ ...said, prefix: true }] }, ["prefix"]],
    [{ messages: [{ ...said, extra_content: {} }] }, ["extra_content"]],
    [{ messages: [{ role: "user", content: [marked] }] }, ["cache_control"]],
    [{ tools: [{ ...readTool, cache_control: { type: "ephemeral" } }] }, ["cache_control"]],
    [{ tools: [{ ...readTool, function: { ...readTool.function, strict: true } }] }, ["strict"]],
    [{ tools: [{ type: "openrouter:web_fetch" }] }, []],
  ])("of %j", (fields, expected) => {
    expect(listInnerFields(requestOf(fields))).toEqual(expected);
  });
});

describe("[R0:remembered] what an upstream took with a request", () => {
  const empty = { type: "function" as const, function: { name: "Read", parameters: {} } };

  test.each<[Partial<ChatRequest>, string[]]>([
    [{}, []],
    [{ unknown: undefined, top_p: 1 }, ["top_p"]],
    [{ messages: [{ ...said, prefix: true }] }, ["prefix"]],
    [{ tool_choice: "required" }, ["tool_choice", "forced choice while thinking"]],
    [{ tool_choice: "auto" }, ["tool_choice"]],
    [{ tool_choice: "none" }, ["tool_choice"]],
    [{ tool_choice: "required", reasoning_effort: "none" }, ["tool_choice", "reasoning_effort"]],
    [{ tool_choice: "required", reasoning: { effort: "none" } }, ["tool_choice", "reasoning"]],
    [{ tool_choice: "required", enable_thinking: false }, ["tool_choice", "enable_thinking"]],
    [{ tool_choice: "required", thinking: { type: "disabled" } }, ["tool_choice", "thinking"]],
    [{ response_format: { type: "json_object" } }, ["response_format", "response_format json_object"]],
    [{ messages: [user, called, user] }, ["user behind tool"]],
    [{ messages: [called, said, user] }, []],
    [{ tools: [readTool] }, ["tools", "tools beside thinking"]],
    [{ tools: [readTool], reasoning_effort: "none" }, ["tools", "reasoning_effort"]],
    [{ tools: [readTool, empty] }, ["tools", "tools beside thinking", "tool without properties"]],
  ])("%j", (fields, expected) => {
    const traits = new Set<string>();
    addTraits(traits, requestOf(fields), 100);
    expect([...traits].sort()).toEqual(["model", "messages", ...expected].sort());
  });

  test("is no more than so many fields", () => {
    const traits = new Set<string>();
    addTraits(traits, requestOf({ a: 1, b: 2, c: 3 }), 3);
    expect([...traits]).toEqual(["model", "messages", "a"]);
  });
});

const ofModel = { scope: "model" } as const;

test.each<[ChatRepair, string | null]>([
  [{ ...ofModel, kind: "omit-field", field: "top_p" }, "top_p"],
  [{ ...ofModel, kind: "rename-output-limit", field: "max_tokens" }, "max_completion_tokens"],
  [{ ...ofModel, kind: "rename-output-limit", field: "max_completion_tokens" }, "max_tokens"],
  [{ ...ofModel, kind: "effort-none-with-tools" }, "tools beside thinking"],
  [{ ...ofModel, kind: "loosen-response-format", to: "prompt" }, "response_format json_object"],
  [{ ...ofModel, kind: "loosen-response-format", to: "json_object" }, "response_format json_schema"],
  [{ ...ofModel, kind: "assistant-between-tool-and-user" }, "user behind tool"],
  [{ ...ofModel, kind: "omit-empty-parameters" }, "tool without properties"],
  [{ ...ofModel, kind: "raise-output", minTokens: 16 }, null],
])("[R0:remembered] %j was about %p", (repair, expected) => {
  expect(refusedTrait(repair)).toBe(expected);
});

test.each<[object | undefined, boolean]>([
  [undefined, false],
  [{}, true],
  [{ properties: {} }, true],
  [{ properties: [] }, true],
  [{ properties: { a: {} } }, false],
])("parameters %j have no properties: %p", (parameters, expected) => {
  const named = { name: "A", ...(parameters && { parameters: { ...parameters } }) };
  expect(hasEmptyParameters({ type: "function", function: named })).toBe(expected);
});
