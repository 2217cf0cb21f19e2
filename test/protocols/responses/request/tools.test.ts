import { describe, expect, test } from "bun:test";
import { ApiError } from "../../../../src/anthropic/api-error.ts";
import { RequestedTools } from "../../../../src/translate/tools/requested-tools.ts";
import { build, plan, type Target } from "./build.ts";

const openai: Target = { profile: "openai", model: "gpt-4o" };
const xai: Target = { profile: "xai", model: "grok-3" };
const deepseek: Target = { profile: "deepseek", model: "deepseek-chat" };
const object = { type: "object", properties: {} };
const closed = { ...object, additionalProperties: false };
const tool = { name: "A", input_schema: object };
const sentTool = { type: "function", name: "A", parameters: object, strict: false } as const;
const search = { type: "web_search_20250305", name: "web_search" };

test("[21.1:function] with a description and without", () => {
  const tools = [
    { ...tool, description: "D", cache_control: { type: "ephemeral" } },
    { ...tool, name: "B" },
  ];
  expect(build({ tools }).tools).toEqual([
    { ...sentTool, description: "D" },
    { ...sentTool, name: "B" },
  ]);
  expect(build({ tools: [] })).not.toHaveProperty("tools");
});

test.each<[string, object, Target, boolean, string[]]>([
  ["a strict schema", closed, openai, true, []],
  ["a schema that leaves something open", object, openai, false, ["tools.strict"]],
  ["an upstream that knows no strict tools", closed, xai, false, ["tools.strict"]],
])("[21.1:strict] %s", (_, input_schema, target, strict, dropped) => {
  const built = plan({ tools: [{ name: "A", strict: true, input_schema }] }, target);
  expect(built.body.tools).toEqual([{ ...sentTool, parameters: { ...input_schema }, strict }]);
  expect(built.dropped).toEqual(dropped);
});

test("[21.1:names] in the tools, the history and the choice", () => {
  const call = { type: "tool_use", id: "t", name: "mcp__a.b", input: {} };
  const messages = [
    { role: "user", content: "hi" },
    { role: "assistant", content: [call] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "R" }] },
  ];
  const tools = [{ name: "mcp__a.b", input_schema: object }];
  const { body, plan: answer } = plan({ messages, tools, tool_choice: { type: "tool", name: "mcp__a.b" } });
  expect(body.tools).toEqual([{ ...sentTool, name: "mcp__a_b" }]);
  expect(body.tool_choice).toEqual({ type: "function", name: "mcp__a_b" });
  expect(body.input[1]).toEqual({ type: "function_call", call_id: "t", name: "mcp__a_b", arguments: "{}" });
  expect(answer.tools).toEqual(new RequestedTools([["mcp__a_b", { name: "mcp__a.b", inputSchema: object }]]));
});

test("[21.1:schema] a choice at the top", () => {
  const input_schema = { $schema: "x", anyOf: [{ properties: { p: { type: "string" } }, required: ["p"] }] };
  const [sent] = build({ tools: [{ name: "A", input_schema }] }, openai).tools ?? [];
  expect(sent).toEqual({
    ...sentTool,
    parameters: { type: "object", properties: { p: { type: "string" } }, required: ["p"] },
  });
});

test("[21.1:limit] more tools than 128", () => {
  const tools = Array.from({ length: 130 }, (_, index) => ({ ...tool, name: `t${index}` }));
  const built = plan({ tools }, openai);
  expect(built.body.tools).toHaveLength(128);
  expect(built.dropped).toEqual(["tool t128", "tool t129"]);
});

describe("tool_choice", () => {
  const required = { tool_choice: "required" } as const;
  const named = { type: "tool", name: "A" };
  test.each<[string, Target, object, object]>([
    ["[21:tool-choice] auto", {}, { type: "auto" }, {}],
    ["[21:tool-choice] any", {}, { type: "any" }, required],
    ["[21:tool-choice] none", {}, { type: "none" }, { tool_choice: "none" }],
    ["[21:tool-choice] a tool", {}, named, { tool_choice: { type: "function", name: "A" } }],
    ["[21:tool-choice] any, at Qwen", { profile: "qwen", model: "qwen-plus" }, { type: "any" }, {}],
    [
      "[21:parallel] forbidden",
      {},
      { type: "any", disable_parallel_tool_use: true },
      { ...required, parallel_tool_calls: false },
    ],
    ["[21:parallel] at llama.cpp", { profile: "llamacpp" }, { type: "auto" }, { parallel_tool_calls: true }],
    [
      "[21:parallel] forbidden at llama.cpp",
      { profile: "llamacpp" },
      { type: "auto", disable_parallel_tool_use: true },
      { parallel_tool_calls: false },
    ],
  ])("%s", (_, target, tool_choice, expected) => {
    const sent = build({ tools: [tool, { ...tool, name: "B" }], tool_choice }, target);
    expect(sent.tools).toEqual([sentTool, { ...sentTool, name: "B" }]);
    const { tool_choice: choice, parallel_tool_calls } = sent;
    expect(JSON.parse(JSON.stringify({ tool_choice: choice, parallel_tool_calls }))).toEqual(expected);
  });

  test("[21:tool-choice] a tool, where only one can be named by leaving out the others", () => {
    const fields = { tools: [tool, { ...tool, name: "B" }], tool_choice: named };
    const sent = build(fields, { profile: "lmstudio" });
    expect([sent.tools, sent.tool_choice]).toEqual([[sentTool], "required"]);
  });

  test("[21:tool-choice] without tools", () => {
    expect(build({ tool_choice: { type: "any", disable_parallel_tool_use: true } })).not.toHaveProperty(
      "tool_choice",
    );
  });

  test("[21:search-choice] a search", () => {
    const tool_choice = { type: "tool", name: "web_search" };
    expect(build({ tools: [search], tool_choice }, openai).tool_choice).toBe("required");
    expect(build({ tools: [tool, search], tool_choice }, openai).tool_choice).toEqual({ type: "web_search" });
    expect(build({ tools: [tool, search], tool_choice: named }, openai).tool_choice).toEqual({
      type: "function",
      name: "A",
    });
  });
});

describe("a web search", () => {
  const domains = (count: number) => Array.from({ length: count }, (_, index) => `d${index}.test`);
  const location = { type: "approximate", city: "Bern" };
  test.each<[string, Target, object, object, string[]]>([
    ["[21.1:web-search] bare", openai, {}, {}, []],
    [
      "[21.1:web-search] restricted",
      openai,
      { allowed_domains: ["a.test"], blocked_domains: ["b.test"], user_location: location },
      { filters: { allowed_domains: ["a.test"], blocked_domains: ["b.test"] }, user_location: location },
      [],
    ],
    [
      "[21.1:web-search] too many domains",
      openai,
      { allowed_domains: domains(101) },
      { filters: { allowed_domains: domains(100) } },
      ["tools.web_search.allowed_domains"],
    ],
    [
      "[21.1:web-search] of any type",
      openai,
      { allowed_domains: "a", user_location: "b", max_uses: "c" },
      {},
      [],
    ],
    [
      "[21.1:search-xai] allowed",
      xai,
      { allowed_domains: domains(6), blocked_domains: ["b.test"], user_location: location },
      { filters: { allowed_domains: domains(5) } },
      [
        "tools.web_search.allowed_domains",
        "tools.web_search.blocked_domains",
        "tools.web_search.user_location",
      ],
    ],
    [
      "[21.1:search-xai] blocked",
      xai,
      { blocked_domains: ["b.test"] },
      { filters: { excluded_domains: ["b.test"] } },
      [],
    ],
    [
      "[21.1:search-bare] restricted",
      deepseek,
      { allowed_domains: ["a.test"], blocked_domains: ["b.test"], user_location: location, max_uses: 3 },
      {},
      [
        "tools.web_search.max_uses",
        "tools.web_search.allowed_domains",
        "tools.web_search.blocked_domains",
        "tools.web_search.user_location",
      ],
    ],
  ])("%s", (_, target, restrictions, expected, dropped) => {
    const built = plan({ tools: [{ ...search, ...restrictions }] }, target);
    expect<unknown>(built.body.tools).toEqual([{ type: "web_search", ...expected }]);
    expect(built.dropped).toEqual(dropped);
  });

  test("[21.1:max-uses] alone, and beside another tool", () => {
    const limited = { ...search, max_uses: 3 };
    expect(build({ tools: [limited] }, openai).max_tool_calls).toBe(3);
    const built = plan({ tools: [tool, limited] }, openai);
    expect([built.body.max_tool_calls, built.dropped]).toEqual([undefined, ["tools.web_search.max_uses"]]);
  });

  test("[21.1:web-search 21.1:search-xai] the sources are asked for where they are told", () => {
    expect(build({ tools: [search] }, openai).include).toEqual(["web_search_call.action.sources"]);
    expect(build({ tools: [search] }, xai)).not.toHaveProperty("include");
  });

  test("[21.1:web-search] the answer's query is the user's text", () => {
    expect(plan({ tools: [search] }, openai).plan.webSearchQuery).toBe("hi");
  });
});

test("[21.1:other-tools] what does not exist on this wire", () => {
  const fetching = { type: "web_fetch_20250910", name: "web_fetch" };
  const built = plan({ tools: [tool, search, fetching] }, openai);
  expect<unknown>(built.body.tools).toEqual([sentTool, { type: "web_search" }]);
  expect(built.dropped).toEqual(["server tool web_fetch"]);
  const refused = (tools: object[], target: Target) => () => plan({ tools }, target);
  expect(refused([fetching], openai)).toThrow(ApiError);
  expect(refused([search], { profile: "ollama" })).toThrow(
    "server tool web_search is not available on this upstream",
  );
});
