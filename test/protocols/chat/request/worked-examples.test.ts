import { describe, expect, test } from "bun:test";
import { encodeEnvelope } from "../../../../src/translate/reasoning/encode-envelope.ts";
import { RequestedTools } from "../../../../src/translate/tools/requested-tools.ts";
import { build, invalidRequest, messages, plan, refusalOf } from "./build.ts";

const object = { type: "object", properties: {} };

test("[E1] a plain turn", () => {
  const system = "S";
  expect(build({ system }, { model: "big" })).toEqual({
    model: "big",
    max_tokens: 100,
    messages: [
      { role: "system", content: "S" },
      { role: "user", content: "hi" },
    ],
  });
});

const claudeCodeCall = {
  max_tokens: 128_000,
  thinking: { type: "adaptive", display: "omitted" },
  output_config: { effort: "medium" },
  context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
  metadata: { user_id: '{"session_id":"s-1"}' },
  stream: true,
  system: [
    { type: "text", text: "x-anthropic-billing-header: cc_version=2.1.330.572; cc_entrypoint=cli;" },
    { type: "text", text: "You are…", cache_control: { type: "ephemeral" } },
  ],
};

test("[E2] Claude Code's main call to OpenRouter", () => {
  expect(build(claudeCodeCall, { profile: "openrouter", model: "anthropic/claude-opus-4.6" })).toEqual({
    model: "anthropic/claude-opus-4.6",
    max_tokens: 64_000,
    reasoning: { effort: "medium" },
    session_id: "s-1",
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      {
        role: "system",
        content: [{ type: "text", text: "You are…", cache_control: { type: "ephemeral" } }],
      },
      { role: "user", content: "hi" },
    ],
  });
});

test("[E2] what the way back needs to know of it", () => {
  const { chatRequest: _, ...rest } = plan(claudeCodeCall, { profile: "openrouter" });
  expect(rest).toEqual({
    model: "m",
    maxTokens: 64_000,
    tools: new RequestedTools(),
    usedToolIds: new Set(),
    stopSequences: [],
    watchesStopSequences: false,
    thinkingDisplay: "omitted",
    thinkingIsOn: true,
    wantsContextManagement: true,
    webSearchQuery: null,
    prefill: null,
    dropped: [],
    repairs: ["max_tokens was lowered from 128000 to 64000"],
  });
});

test("[E3] the same to OpenAI", () => {
  expect(build(claudeCodeCall, { profile: "openai", model: "gpt-5.2" })).toEqual({
    model: "gpt-5.2",
    max_completion_tokens: 64_000,
    reasoning_effort: "medium",
    prompt_cache_key: "s-1",
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: "system", content: "You are…" },
      { role: "user", content: "hi" },
    ],
  });
});

describe("[E4] a system message inside the conversation", () => {
  const conversation = [
    { role: "user", content: "A" },
    { role: "system", content: [{ type: "text", text: "ENV" }] },
    { role: "assistant", content: "B" },
    { role: "user", content: "C" },
  ];

  test("[E4] is folded into the user's", () => {
    expect(messages(conversation)).toEqual([
      { role: "user", content: "A\n<system-reminder>\nENV\n</system-reminder>" },
      { role: "assistant", content: "B" },
      { role: "user", content: "C" },
    ]);
  });

  test("[E4] stays where the upstream takes it", () => {
    expect(messages(conversation, { profile: "openai" })).toEqual([
      { role: "user", content: "A" },
      { role: "system", content: "ENV" },
      { role: "assistant", content: "B" },
      { role: "user", content: "C" },
    ]);
  });
});

test("[E5 1.1:tools 2.2:tool_result] a tool round", () => {
  const conversation = [
    { role: "user", content: "hi" },
    {
      role: "assistant",
      content: [
        { type: "text", text: "Look" },
        { type: "tool_use", id: "toolu_1", name: "Read", input: { p: "a" } },
      ],
    },
    {
      role: "user",
      content: [
        { type: "text", text: "go on" },
        { type: "tool_result", tool_use_id: "toolu_1", content: [{ type: "text", text: "X" }] },
      ],
    },
  ];
  expect(messages(conversation)).toEqual([
    { role: "user", content: "hi" },
    {
      role: "assistant",
      content: "Look",
      tool_calls: [{ id: "toolu_1", type: "function", function: { name: "Read", arguments: '{"p":"a"}' } }],
    },
    { role: "tool", tool_call_id: "toolu_1", content: "X" },
    { role: "user", content: "go on" },
  ]);
});

/** A round of calls of the tool T: the ids that are called, and the user's blocks after it. */
function round(ids: string[], blocks: object[]): object[] {
  const calls = ids.map((id) => ({ type: "tool_use", id, name: "T", input: {} }));
  return [
    { role: "user", content: "hi" },
    { role: "assistant", content: calls },
    { role: "user", content: blocks },
  ];
}

describe("[E6] an image in a tool result", () => {
  const source = { type: "base64", media_type: "image/png", data: "QQ==" };
  const content = [
    { type: "text", text: "shot" },
    { type: "image", source },
  ];
  const conversation = round(["toolu_1"], [{ type: "tool_result", tool_use_id: "toolu_1", content }]);
  const image = { type: "image_url", image_url: { url: "data:image/png;base64,QQ==" } } as const;

  test("[E6] follows in a user message for OpenAI", () => {
    expect(messages(conversation, { profile: "openai" }).slice(2)).toEqual([
      { role: "tool", tool_call_id: "toolu_1", content: "shot\n[1 image attached in the next message]" },
      { role: "user", content: [{ type: "text", text: "Attachment of tool result toolu_1:" }, image] },
    ]);
  });

  test("[E6] is a part of the tool message for OpenRouter", () => {
    expect(messages(conversation, { profile: "openrouter" }).slice(2)).toEqual([
      { role: "tool", tool_call_id: "toolu_1", content: [{ type: "text", text: "shot" }, image] },
    ]);
  });
});

test("[E7] a tool use without a result", () => {
  const conversation = round(
    ["toolu_1", "toolu_2"],
    [{ type: "tool_result", tool_use_id: "toolu_2", content: "R" }],
  );
  expect(messages(conversation).slice(2)).toEqual([
    { role: "tool", tool_call_id: "toolu_1", content: "[Tool result missing: the call was interrupted]" },
    { role: "tool", tool_call_id: "toolu_2", content: "R" },
  ]);
});

test("[E8] a tool result without a tool use", () => {
  const orphan = { type: "tool_result", tool_use_id: "zz", content: "R" };
  expect(messages([{ role: "user", content: [orphan] }])).toEqual([
    { role: "user", content: "[Result of an earlier tool call zz]\nR" },
  ]);
});

test("[E9] a result that is an error", () => {
  const result = { type: "tool_result", tool_use_id: "t", is_error: true, content: "no file" };
  expect(messages(round(["t"], [result])).at(-1)).toEqual({
    role: "tool",
    tool_call_id: "t",
    content: "Error: no file",
  });
});

test("[E10] ids for Mistral", () => {
  const result = { type: "tool_result", tool_use_id: "toolu_01ABC", content: "R" };
  const target = { profile: "mistral", model: "mistral-large-2512" } as const;
  expect(messages(round(["toolu_01ABC"], [result]), target).slice(1)).toEqual([
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "uZ1GZlFlc", type: "function", function: { name: "T", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "uZ1GZlFlc", content: "R" },
  ]);
});

test("[E11] a long name of an MCP tool", () => {
  const name = `mcp__${"server".repeat(10)}__${"tool".repeat(4)}`.slice(0, 80);
  const { chatRequest, tools } = plan({ tools: [{ name, input_schema: object }] });
  const wireName = `${name.slice(0, 55)}_d8c1069a`;
  expect(chatRequest.tools).toEqual([{ type: "function", function: { name: wireName, parameters: object } }]);
  expect(tools).toEqual(new RequestedTools([[wireName, { name, inputSchema: object }]]));
});

test("[E12] deferred tools", () => {
  const names = ["ToolSearch", "DeferredToolPlaceholder", "mcp__t__echo"];
  const tools = names.map((name) => ({ name, input_schema: object, defer_loading: name !== "ToolSearch" }));
  const content = [{ type: "tool_reference", tool_name: "mcp__t__echo" }];
  const chatRequest = build({
    tools,
    messages: round(["t"], [{ type: "tool_result", tool_use_id: "t", content }]),
  });
  expect(chatRequest.tools).toEqual([
    { type: "function", function: { name: "ToolSearch", parameters: object } },
    { type: "function", function: { name: "mcp__t__echo", parameters: object } },
  ]);
  expect(chatRequest.messages.at(-1)).toEqual({
    role: "tool",
    tool_call_id: "t",
    content: "Tool mcp__t__echo is now available.",
  });
});

describe("[E13] tool_choice", () => {
  const tools = [{ name: "A", input_schema: object }];
  const chatTools = [{ type: "function", function: { name: "A", parameters: object } }];
  test.each<[object, object]>([
    [
      { type: "any", disable_parallel_tool_use: true },
      { tool_choice: "required", parallel_tool_calls: false },
    ],
    [{ type: "tool", name: "A" }, { tool_choice: { type: "function", function: { name: "A" } } }],
    [{ type: "none" }, { tool_choice: "none" }],
    [{ type: "auto" }, {}],
  ])("%j", (tool_choice, expected) => {
    expect<unknown>(build({ tools, tool_choice })).toEqual({
      model: "m",
      max_tokens: 100,
      tools: chatTools,
      ...expected,
      messages: [{ role: "user", content: "hi" }],
    });
  });
});

test("[E15] reasoning that DeepSeek wants back", () => {
  const signature = encodeEnvelope({ family: "text", model: "deepseek-v4", visibleText: "think" });
  const conversation = [
    { role: "user", content: "hi" },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "think", signature },
        { type: "tool_use", id: "call_0", name: "Bash", input: { c: 1 } },
      ],
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "call_0", content: "R" }] },
  ];
  expect(messages(conversation, { profile: "deepseek", model: "deepseek-v4" })[1]).toEqual({
    role: "assistant",
    content: null,
    reasoning_content: "think",
    tool_calls: [{ id: "call_0", type: "function", function: { name: "Bash", arguments: '{"c":1}' } }],
  });
});

test("[E16] a DeepSeek history without thinking", () => {
  const thinking = { type: "adaptive" };
  const conversation = round(["t"], [{ type: "tool_result", tool_use_id: "t", content: "R" }]);
  const chatRequest = build({ thinking, messages: conversation }, { profile: "deepseek" });
  expect(chatRequest.messages[1]).toEqual({
    role: "assistant",
    content: null,
    reasoning_content: " ",
    tool_calls: [{ id: "t", type: "function", function: { name: "T", arguments: "{}" } }],
  });
});

describe("[E32] Claude's own thinking", () => {
  const thought = { type: "thinking", thinking: "T", signature: "EqQB1234" };
  const conversation = [
    { role: "user", content: "hi" },
    { role: "assistant", content: [thought, { type: "text", text: "B" }] },
    { role: "user", content: "C" },
  ];

  test("[E32] is left out for another vendor", () => {
    expect(messages(conversation, { profile: "openrouter", model: "openai/gpt-5.2" })[1]).toEqual({
      role: "assistant",
      content: "B",
    });
  });

  test("[E32] goes back to Anthropic", () => {
    const [, assistant] = messages(conversation, {
      profile: "openrouter",
      model: "anthropic/claude-opus-4.6",
    });
    expect(assistant).toEqual({
      role: "assistant",
      content: "B",
      reasoning_details: [
        {
          type: "reasoning.text",
          text: "T",
          signature: "EqQB1234",
          format: "anthropic-claude-v1",
          index: 0,
        },
      ],
    });
  });
});

test("[E34] a web search where there is none", () => {
  const tools = [{ type: "web_search_20250305", name: "web_search", max_uses: 8 }];
  expect(refusalOf({ tools }, { profile: "ollama" })).toEqual(
    invalidRequest("server tool web_search is not available on this upstream"),
  );
});

test("[E35] more stop sequences than four", () => {
  const stop_sequences = ["1", "2", "3", "4", "5", "END"];
  const { chatRequest, stopSequences, watchesStopSequences } = plan({ stop_sequences });
  expect({ stop: chatRequest.stop, stopSequences, watchesStopSequences }).toEqual({
    stop: ["1", "2", "3", "4"],
    stopSequences: stop_sequences,
    watchesStopSequences: true,
  });
});
