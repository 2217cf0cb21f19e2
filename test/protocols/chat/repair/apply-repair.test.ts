import { describe, expect, test } from "bun:test";
import type { ChatMessage, ChatRequest } from "../../../../src/protocols/chat/chat-request.ts";
import { applyRepair } from "../../../../src/protocols/chat/repair/apply-repair.ts";
import type { ChatRepair } from "../../../../src/protocols/chat/repair/repair.ts";
import { readTool, requestOf } from "./refusal.ts";

const omit = (field: string): ChatRepair => ({ kind: "omit-field", field, scope: "model" });
const cap: ChatRepair = { kind: "cap-output", maxTokens: 100, scope: "model" };
const raise: ChatRepair = { kind: "raise-output", minTokens: 16, scope: "model" };
const rename: ChatRepair = { kind: "rename-output-limit", field: "max_completion_tokens", scope: "model" };
const between: ChatRepair = { kind: "assistant-between-tool-and-user", scope: "model" };
const effortNone: ChatRepair = { kind: "effort-none-with-tools", scope: "model" };
const forced = { tools: [readTool], tool_choice: "required" as const };
const free = (as: "auto" | "omitted"): ChatRepair => ({ kind: "free-tool-choice", as, scope: "model" });

const mark = { type: "ephemeral" as const };
const text = { type: "text" as const, text: "t" };
const bare = {
  type: "function" as const,
  function: { name: "Now", parameters: { type: "object", properties: {} } },
};
const toolTurn: ChatMessage[] = [
  { role: "user", content: "a" },
  { role: "assistant", content: null, tool_calls: [] },
  { role: "tool", tool_call_id: "1", content: "x" },
  { role: "tool", tool_call_id: "2", content: "y" },
  { role: "user", content: "b" },
];

describe("a repair", () => {
  const cases: [string, ChatRepair, Partial<ChatRequest>, Partial<ChatRequest>][] = [
    ["[R0:unsupported] leaves out a field", omit("top_k"), { top_k: 1, top_p: 1 }, { top_p: 1 }],
    [
      "[R0:unsupported] leaves out a field of messages",
      omit("reasoning_content"),
      { messages: [{ role: "assistant", content: "a", reasoning_content: "b" }] },
      { messages: [{ role: "assistant", content: "a" }] },
    ],
    [
      "[R0:unsupported] leaves out cache marks everywhere",
      omit("cache_control"),
      {
        tools: [{ ...readTool, cache_control: mark }],
        messages: [
          { role: "system", content: [{ ...text, cache_control: mark }] },
          { role: "user", content: [{ ...text, cache_control: mark }, text] },
          { role: "assistant", content: [{ ...text, cache_control: mark }] },
          { role: "tool", tool_call_id: "1", content: [{ ...text, cache_control: mark }] },
          { role: "user", content: "plain" },
        ],
      },
      {
        tools: [readTool],
        messages: [
          { role: "system", content: [text] },
          { role: "user", content: [text, text] },
          { role: "assistant", content: [text] },
          { role: "tool", tool_call_id: "1", content: [text] },
          { role: "user", content: "plain" },
        ],
      },
    ],
    [
      "[R0:unsupported] leaves out strict in tools",
      omit("strict"),
      {
        tools: [
          { ...readTool, function: { ...readTool.function, strict: true } },
          { type: "openrouter:web_search" },
        ],
      },
      { tools: [readTool, { type: "openrouter:web_search" }] },
    ],
    ["[R0:renamed] renames the limit", rename, { max_tokens: 7 }, { max_completion_tokens: 7 }],
    ["[R0:renamed] has no limit to rename", rename, {}, {}],
    [
      "[R0:renamed] has a limit of that name",
      rename,
      { max_completion_tokens: 7 },
      { max_completion_tokens: 7 },
    ],
    ["[R0:ceiling 5.3:both] lowers max_tokens", cap, { max_tokens: 128 }, { max_tokens: 100 }],
    [
      "[R0:ceiling 5.3:both] lowers max_completion_tokens",
      cap,
      { max_completion_tokens: 128 },
      { max_completion_tokens: 100 },
    ],
    ["[R0:ceiling 5.3:both] never raises a limit", cap, { max_tokens: 64 }, { max_tokens: 64 }],
    ["[R0:ceiling 5.3:both] sets no limit", cap, {}, {}],
    ["[1.1:max_tokens] raises max_tokens", raise, { max_tokens: 1 }, { max_tokens: 16 }],
    ["[1.1:max_tokens] never lowers a limit", raise, { max_tokens: 64 }, { max_tokens: 64 }],
    [
      "[R0.1:learned] sends the effort none with tools",
      effortNone,
      { tools: [readTool], reasoning_effort: "high" },
      { tools: [readTool], reasoning_effort: "none" },
    ],
    [
      "[R0.1:learned] leaves the effort without tools",
      effortNone,
      { reasoning_effort: "high" },
      { reasoning_effort: "high" },
    ],
    [
      "[1.3:forced-thinking] leaves the choice to the model",
      free("auto"),
      forced,
      { tools: [readTool], tool_choice: "auto" },
    ],
    ["[1.3:forced-thinking] leaves the choice out", free("omitted"), forced, { tools: [readTool] }],
    [
      "[1.3:forced-thinking] has no choice to leave",
      free("omitted"),
      { tools: [readTool], tool_choice: "none" },
      { tools: [readTool], tool_choice: "none" },
    ],
    [
      "[2.4.2:mistral] puts an assistant message between",
      between,
      { messages: toolTurn },
      { messages: [...toolTurn.slice(0, 4), { role: "assistant", content: "OK." }, ...toolTurn.slice(4)] },
    ],
    [
      "[2.4.2:mistral] has nothing to put between",
      between,
      { messages: toolTurn.slice(0, 4) },
      { messages: toolTurn.slice(0, 4) },
    ],
    [
      "[1.3.1:gemini-empty] leaves out empty parameters",
      { kind: "omit-empty-parameters", scope: "model" },
      { tools: [bare, readTool] },
      { tools: [{ type: "function", function: { name: "Now" } }, readTool] },
    ],
    [
      "[6.4] leaves a rebuild to the caller",
      { kind: "rebuild-without-reasoning", scope: "conversation" },
      {},
      {},
    ],
  ];
  test.each(cases)("%s", (_name, repair, fields, expected) => {
    const before = JSON.stringify(requestOf(fields));
    const sent = requestOf(fields);
    expect(applyRepair(sent, repair)).toEqual(requestOf(expected));
    expect(JSON.stringify(sent)).toBe(before);
  });
});

describe("thinking is switched off for a forced choice", () => {
  const off = (form: "openrouter" | "effort" | "thinking" | "qwen" | "minimax"): ChatRepair => ({
    kind: "thinking-off-for-forced-choice",
    form,
    scope: "model",
  });
  const cases: [ChatRepair, Partial<ChatRequest>, Partial<ChatRequest>][] = [
    [off("openrouter"), { reasoning: { effort: "high" } }, { reasoning: { effort: "none" } }],
    [off("effort"), { reasoning_effort: "high" }, { reasoning_effort: "none" }],
    [
      off("thinking"),
      { thinking: { type: "enabled" }, reasoning_effort: "high" },
      { thinking: { type: "disabled" } },
    ],
    [off("qwen"), { enable_thinking: true, thinking_budget: 9 }, { enable_thinking: false }],
    [off("minimax"), { reasoning_split: true }, { reasoning_split: true, thinking: { type: "disabled" } }],
  ];
  test.each(cases)("[1.3:forced-thinking] %j", (repair, fields, expected) => {
    expect(applyRepair(requestOf({ ...forced, ...fields }), repair)).toEqual(
      requestOf({ ...forced, ...expected }),
    );
    expect(applyRepair(requestOf(fields), repair)).toEqual(requestOf(fields));
  });
});

describe("an output format is loosened", () => {
  const schema = { type: "object", properties: { title: { type: "string" } } };
  const format = { type: "json_schema", json_schema: { name: "output", schema, strict: true } };
  const instruction =
    'Answer with one JSON object that fits this JSON schema, and with nothing else:\n{"type":"object","properties":{"title":{"type":"string"}}}';
  const user = { role: "user" as const, content: "hi" };
  const loosen = (to: "json_object" | "prompt"): ChatRepair => ({
    kind: "loosen-response-format",
    to,
    scope: "model",
  });

  test("[1.1:format-fallback] to json_object, with the schema at the end of the system prompt", () => {
    const sent = requestOf({ response_format: format, messages: [{ role: "system", content: "S" }, user] });
    expect(applyRepair(sent, loosen("json_object"))).toEqual(
      requestOf({
        response_format: { type: "json_object" },
        messages: [{ role: "system", content: `S\n\n${instruction}` }, user],
      }),
    );
  });

  test("[1.1:format-fallback] with the schema as a part of its own, or in a system prompt of its own", () => {
    const sent = requestOf({
      response_format: format,
      messages: [{ role: "system", content: [text] }, user],
    });
    expect(applyRepair(sent, loosen("json_object")).messages).toEqual([
      { role: "system", content: [text, { type: "text", text: instruction }] },
      user,
    ]);
    const alone = requestOf({ response_format: format, messages: [user] });
    expect(applyRepair(alone, loosen("json_object")).messages).toEqual([
      { role: "system", content: instruction },
      user,
    ]);
  });

  test("[1.1:format-fallback] to the prompt alone", () => {
    const sent = requestOf({ response_format: { type: "json_object" } });
    expect(applyRepair(sent, loosen("prompt"))).toEqual(requestOf());
    expect(applyRepair(requestOf(), loosen("prompt"))).toEqual(requestOf());
  });
});
