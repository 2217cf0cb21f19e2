import { describe, expect, test } from "bun:test";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import { build, invalidRequest, plan, refusalOf, toolRound } from "./build.ts";

const schema = { type: "object", properties: {} };
const tools = ["A", "B"].map((name) => ({ name, input_schema: schema }));
const any = { type: "any" };
const named = { type: "tool", name: "B" };
const none = { type: "none" };
const object = { type: "function", function: { name: "B" } };
const on = { thinking: { type: "adaptive" } };

/** What came of the choice: names of the tools, the fields, and what was said of it. */
function choose(fields: object, profile: ProfileId, model = "m"): object {
  const { chatRequest, dropped, repairs } = plan({ tools, ...fields }, { profile, model });
  const { tool_choice, parallel_tool_calls, thinking, enable_thinking, reasoning } = chatRequest;
  const names = chatRequest.tools?.map((tool) => (tool.type === "function" ? tool.function.name : tool.type));
  const sent = { tool_choice, parallel_tool_calls, thinking, enable_thinking, reasoning };
  const given = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined));
  return { names, ...given, notes: [...dropped, ...repairs] };
}

const both = { names: ["A", "B"], notes: [] };
const onlyB = { names: ["B"], notes: [] };
const left = { names: ["A", "B"], notes: ["tool_choice"] };

describe("tool_choice by upstream", () => {
  test.each<[ProfileId, string, object, object]>([
    ["generic", "m", { tool_choice: { type: "auto" } }, both],
    ["generic", "m", { tool_choice: any }, { ...both, tool_choice: "required" }],
    ["generic", "m", { tool_choice: named }, { ...both, tool_choice: object }],
    ["generic", "m", { tool_choice: none }, { ...both, tool_choice: "none" }],
    ["mistral", "m", { tool_choice: any }, { ...both, tool_choice: "any" }],
    ["glm", "glm-5", { tool_choice: any }, left],
    ["glm", "glm-5", { tool_choice: named }, { names: ["B"], notes: ["tool_choice"] }],
    ["glm", "glm-5", { tool_choice: none }, { names: undefined, notes: [] }],
    ["llamacpp", "m", { tool_choice: any }, { ...both, tool_choice: "required", parallel_tool_calls: true }],
    [
      "llamacpp",
      "m",
      { tool_choice: named },
      { ...onlyB, tool_choice: "required", parallel_tool_calls: true },
    ],
    ["lmstudio", "m", { tool_choice: named }, { ...onlyB, tool_choice: "required" }],
    ["kimi", "kimi-k3", { tool_choice: any }, { ...both, tool_choice: "required" }],
    ["kimi", "kimi-k3", { tool_choice: named }, { ...onlyB, tool_choice: "required" }],
    [
      "ollama",
      "m",
      { tool_choice: any },
      { names: ["A", "B"], tool_choice: "required", notes: ["tool_choice has no effect on this upstream"] },
    ],
  ])("[1.3:auto 1.3:any 1.3:tool 1.3:none 1.1:tool_choice] %s %s %j", (profile, model, fields, expected) => {
    expect(choose(fields, profile, model)).toEqual(expected);
  });

  test("[1.3:none] glm keeps the tools that the history calls", () => {
    const messages = [{ role: "user", content: "hi" }, ...toolRound("t", {}, "A")];
    expect(choose({ tool_choice: none, messages }, "glm")).toEqual(both);
  });

  test("[1.3:tool] a tool that the request does not have is refused", () => {
    const refusal = refusalOf({ tools, tool_choice: { type: "tool", name: "C" } });
    expect(refusal).toEqual(invalidRequest("tool_choice.name: the request has no tool named C"));
  });

  test("[1.3:tool] a tool that the upstream runs cannot be named", () => {
    const search = { type: "web_search_20250305", name: "web_search" };
    const tool_choice = { type: "tool", name: "web_search" };
    expect(choose({ tools: [search], tool_choice }, "openrouter")).toEqual({
      names: ["openrouter:web_search"],
      notes: ["tool_choice"],
    });
  });
});

const switched = "thinking was switched off: the upstream allows no forced tool with it";
const disabled = { thinking: { type: "disabled" }, notes: [switched] };

describe("[1.3:forced-thinking] a forced choice while thinking", () => {
  test.each<[ProfileId, string, object, object]>([
    [
      "deepseek",
      "deepseek-v4",
      { ...on, tool_choice: any },
      { ...both, ...disabled, tool_choice: "required" },
    ],
    ["deepseek", "deepseek-v4", { tool_choice: named }, { ...both, ...disabled, tool_choice: object }],
    ["deepseek", "deepseek-chat", { tool_choice: named }, { ...both, tool_choice: object }],
    ["kimi", "kimi-k2.5", { ...on, tool_choice: any }, { ...both, ...disabled, tool_choice: "required" }],
    ["kimi", "kimi-k2.7-code", { ...on, tool_choice: any }, left],
    ["kimi", "kimi-k2-thinking", { tool_choice: named }, left],
    [
      "qwen",
      "qwen3.6-plus",
      { ...on, stream: true, tool_choice: any },
      { ...both, enable_thinking: false, tool_choice: "required", notes: [switched] },
    ],
    [
      "qwen",
      "qwen3-8b-thinking",
      { ...on, stream: true, tool_choice: any },
      { ...left, enable_thinking: true },
    ],
    [
      "openrouter",
      "deepseek/deepseek-v4",
      { ...on, tool_choice: any },
      { ...both, reasoning: { effort: "none" }, tool_choice: "required", notes: [switched] },
    ],
    [
      "openrouter",
      "anthropic/claude-opus-4.6",
      { ...on, tool_choice: any },
      { ...both, reasoning: { enabled: true }, tool_choice: "required" },
    ],
    ["vllm", "m", { ...on, tool_choice: any }, { ...both, tool_choice: "required" }],
    [
      "deepseek",
      "deepseek-v4",
      { ...on, tool_choice: { type: "auto" } },
      { ...both, thinking: { type: "enabled" } },
    ],
  ])("[1.3:auto 1.3:any 1.3:tool 1.3:none 1.1:tool_choice] %s %s %j", (profile, model, fields, expected) => {
    expect(choose(fields, profile, model)).toEqual(expected);
  });
});

describe("[1.3:parallel] disable_parallel_tool_use", () => {
  test.each([
    ["generic", { type: "auto", disable_parallel_tool_use: true }, false],
    ["generic", { type: "auto", disable_parallel_tool_use: false }, undefined],
    ["generic", undefined, undefined],
    ["llamacpp", { type: "auto", disable_parallel_tool_use: true }, false],
    ["llamacpp", undefined, true],
  ] as const)("%s %j: %p", (profile, tool_choice, expected) => {
    expect(build({ tools, tool_choice }, { profile }).parallel_tool_calls).toBe(expected);
  });

  test("is not sent without tools", () => {
    expect(build({}, { profile: "llamacpp" })).toEqual(build({}));
  });
});
