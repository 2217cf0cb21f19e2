import { describe, expect, test } from "bun:test";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import type { ChatRequest } from "../../../../src/protocols/chat/chat-request.ts";
import { build, plan } from "./build.ts";

/** The members of a chat request that concern thinking. */
function reasoningFields(fields: object, profile: ProfileId, model: string): object {
  const {
    model: _model,
    messages,
    max_tokens,
    max_completion_tokens,
    tools,
    stream,
    stream_options,
    ...rest
  } = build({ stream: true, ...fields }, { profile, model });
  return rest satisfies Partial<ChatRequest>;
}

const off = { thinking: { type: "disabled" }, output_config: { effort: "high" } };
const on = { thinking: { type: "adaptive" } };
const low = { output_config: { effort: "low" } };
const medium = { ...on, output_config: { effort: "medium" } };
const high = { ...on, output_config: { effort: "high" } };
const xhigh = { ...on, output_config: { effort: "xhigh" } };
const max = { ...on, output_config: { effort: "max" } };
const betweenTools = { thinking: { type: "between_tools" } };

function budget(budget_tokens: number): object {
  return { max_tokens: 64_000, thinking: { type: "enabled", budget_tokens } };
}

type Row = readonly [ProfileId, string, object, object];

/** Rows for several wishes of one model whose level is `reasoning_effort`; null for no field. */
function levels(
  profile: ProfileId,
  model: string,
  sent: Record<string, string | null>,
  beside: object = {},
): Row[] {
  const wishes: Record<string, object> = { off, low, medium, high, xhigh, max };
  return Object.entries(sent).map(([wish, level]) => {
    const expected = level === null ? beside : { ...beside, reasoning_effort: level };
    return [profile, model, wishes[wish] ?? {}, expected];
  });
}

describe("[1.2:unset 1.1:thinking] unset sends nothing", () => {
  test.each([
    ["openrouter", "anthropic/claude-opus-4.6"],
    ["openai", "gpt-5.2"],
    ["deepseek", "deepseek-v4"],
    ["glm", "glm-5"],
    ["kimi", "kimi-k2.6"],
    ["qwen", "qwen3.6-plus"],
    ["vllm", "Qwen/Qwen3-8B"],
    ["gemini", "gemini-3-pro-preview"],
    ["generic", "m"],
  ] as const)("%s %s", (profile, model) => {
    expect(reasoningFields({}, profile, model)).toEqual({});
  });
});

const opus = "anthropic/claude-opus-4.6";
const gpt = "openai/gpt-5.2";

describe("[1.2:off 1.2:effort 1.2:on 1.2:budget 1.1:effort] how the wish is written", () => {
  test.each<Row>([
    ["openrouter", opus, off, { reasoning: { effort: "none" } }],
    ["openrouter", "openai/gpt-5", off, { reasoning: { exclude: true } }],
    ["openrouter", "google/gemini-3-pro", off, { reasoning: { exclude: true } }],
    ["openrouter", "minimax/minimax-m2.5", off, { reasoning: { exclude: true } }],
    ["openrouter", opus, on, { reasoning: { enabled: true } }],
    ["openrouter", gpt, max, { reasoning: { effort: "max" } }],
    ["openrouter", gpt, low, { reasoning: { effort: "low" } }],
    ["openrouter", gpt, betweenTools, { reasoning: { effort: "low" } }],
    ["openrouter", opus, budget(5000), { reasoning: { max_tokens: 5000 } }],
    ["openrouter", "google/gemini-2.5-flash", budget(5000), { reasoning: { max_tokens: 5000 } }],
    ["openrouter", "qwen/qwen3.6-plus", budget(5000), { reasoning: { max_tokens: 5000 } }],
    ["openrouter", gpt, budget(5000), { reasoning: { effort: "medium" } }],
    ["openrouter", opus, { ...budget(5000), ...low }, { reasoning: { effort: "low" } }],
    ["openrouter", opus, { ...budget(70_000) }, { reasoning: { max_tokens: 32_000 } }],
    ["openrouter", opus, { ...budget(2000), max_tokens: 2000 }, { reasoning: { effort: "low" } }],
    ["deepseek", "deepseek-v4", off, { thinking: { type: "disabled" } }],
    ["deepseek", "deepseek-v4", on, { thinking: { type: "enabled" } }],
    ["glm", "glm-4.6", off, { thinking: { type: "disabled" } }],
    ["glm", "glm-4.6", high, { thinking: { type: "enabled", clear_thinking: false } }],
    ["kimi", "kimi-k2.5", off, { thinking: { type: "disabled" } }],
    ["kimi", "kimi-k2.5", high, { thinking: { type: "enabled" } }],
    ["kimi", "kimi-k2.6", high, { thinking: { type: "enabled", keep: "all" } }],
    ["kimi", "kimi-k2.7-code", off, {}],
    ["kimi", "kimi-k2-thinking", high, {}],
    ["kimi", "kimi-k3", on, {}],
    ["qwen", "qwen3-max", off, { enable_thinking: false }],
    ["qwen", "qwen3-max", high, { enable_thinking: true }],
    ["qwen", "qwen3.6-plus", high, { enable_thinking: true, preserve_thinking: true }],
    ["qwen", "qwen3-max", budget(5000), { enable_thinking: true, thinking_budget: 5000 }],
    ["qwen", "qwen3-235b-a22b-thinking-2507", off, {}],
    ["qwen", "qwen3-coder-plus", high, {}],
    ["minimax", "MiniMax-M2.5", {}, { reasoning_split: true }],
    ["minimax", "MiniMax-M2.5", off, { reasoning_split: true }],
    ["minimax", "MiniMax-M3", {}, { reasoning_split: true }],
    ["minimax", "MiniMax-M3", off, { reasoning_split: true, thinking: { type: "disabled" } }],
    ["minimax", "MiniMax-M3", high, { reasoning_split: true, thinking: { type: "adaptive" } }],
    ["openai", "gpt-5.2", on, {}],
    ["openai", "gpt-4o", high, {}],
    ["openai", "gpt-4o", off, {}],
    ["groq", "llama-3.3-70b-versatile", high, {}],
    ["xai", "grok-4", high, {}],
    ["xai", "grok-4-1-fast-reasoning", off, {}],
    ["xai", "grok-4.20-0309-reasoning", high, {}],
    ["mistral", "mistral-large-2512", high, {}],
    ["mistral", "magistral-medium-2509", off, {}],
    ["ollama", "gpt-oss:20b", on, {}],
    ["generic", "m", high, {}],
  ])("%s %s %j -> %j", (profile, model, wish, expected) => {
    expect(reasoningFields(wish, profile, model)).toEqual(expected);
  });
});

describe("[1.2:budget] a budget is as much as an effort", () => {
  test.each([
    [2047, "low"],
    [2048, "medium"],
    [8191, "medium"],
    [8192, "high"],
    [24_575, "high"],
    [24_576, "xhigh"],
  ])("%p tokens are %s", (budgetTokens, effort) => {
    expect(reasoningFields(budget(budgetTokens), "vllm", "m")).toEqual({ reasoning_effort: effort });
  });
});

const enabled = { thinking: { type: "enabled", clear_thinking: false } };
const named = { off: "none", low: "low", medium: "medium", high: "high", xhigh: "xhigh", max: "max" };
const upToHigh = { ...named, xhigh: "high", max: "high" };
const fromLowToHigh = { ...upToHigh, off: "low" };
const lowHighMax = { off: "low", low: "low", medium: "high", high: "high", xhigh: "max", max: "max" };
const noneOrHigh = { off: "none", low: "high", medium: "high", high: "high", xhigh: "high", max: "high" };

describe("[1.2:levels] models with levels of their own", () => {
  test.each([
    ...levels("kimi", "kimi-k3", lowHighMax),
    ...levels(
      "glm",
      "glm-5.2",
      { low: "high", medium: "high", high: "high", xhigh: "max", max: "max" },
      enabled,
    ),
    ...levels("glm", "glm-5.2", { off: "none" }, { thinking: { type: "disabled" } }),
    ...levels("glm", "glm-5.3", lowHighMax, enabled),
    ...levels("gemini", "gemini-2.5-flash", upToHigh),
    ...levels("gemini", "gemini-2.5-pro", fromLowToHigh),
    ...levels("gemini", "gemini-3-pro-preview", { ...fromLowToHigh, medium: "high" }),
    ...levels("gemini", "gemini-3.1-pro-preview", fromLowToHigh),
    ...levels("gemini", "gemini-3-flash-preview", { ...upToHigh, off: "minimal" }),
    ...levels("mistral", "mistral-small-2603", noneOrHigh),
    ...levels("mistral", "mistral-medium-3-5", noneOrHigh),
    ...levels("mistral", "mistral-large-4", fromLowToHigh),
    ...levels("groq", "openai/gpt-oss-120b", fromLowToHigh),
    ...levels("groq", "qwen/qwen3-32b", { off: "none", low: null, high: null, max: null }),
    ...levels("groq", "qwen/qwen3.8-27b", upToHigh),
    ...levels("xai", "grok-4.3", upToHigh),
    ...levels("xai", "grok-4.5", fromLowToHigh),
    ...levels("xai", "grok-4.6", { ...named, off: "low", max: "xhigh" }),
    ...levels("xai", "grok-5", { ...named, off: "low", max: "xhigh" }),
    ...levels("openai", "o3", fromLowToHigh),
    ...levels("openai", "gpt-5", { ...upToHigh, off: "minimal" }),
    ...levels("openai", "gpt-5-codex", fromLowToHigh),
    ...levels("openai", "gpt-5.1", upToHigh),
    ...levels("openai", "gpt-5.1-codex-max", { ...named, max: "xhigh" }),
    ...levels("openai", "gpt-5.2", { ...named, max: "xhigh" }),
    ...levels("openai", "gpt-5.10", { ...named, max: "xhigh" }),
    ...levels(
      "deepseek",
      "deepseek-v4",
      { low: "low", medium: "high", high: "high", xhigh: "high", max: "max" },
      {
        thinking: { type: "enabled" },
      },
    ),
    ...(["ollama", "llamacpp", "lmstudio", "vllm"] as const).flatMap((id) => levels(id, "m", named)),
  ])("%s %s %j -> %j", (profile, model, wish, expected) => {
    expect(reasoningFields(wish, profile, model)).toEqual(expected);
  });
});

test("[1.2:always-on] a model that cannot stop thinking is noted once", () => {
  const built = plan(off, { profile: "kimi", model: "kimi-k2-thinking" });
  expect({ isOn: built.thinkingIsOn, repairs: built.repairs }).toEqual({
    isOn: true,
    repairs: ["thinking could not be switched off: the model always thinks"],
  });
});

describe("[1.2:disabled] whether thinking is on", () => {
  test.each([
    ["openai", "gpt-5.2", {}, false],
    ["openai", "gpt-5", {}, true],
    ["openai", "gpt-5.2", high, true],
    ["deepseek", "deepseek-v4", {}, true],
    ["deepseek", "deepseek-v4", off, false],
    ["deepseek", "deepseek-chat", {}, false],
    ["minimax", "MiniMax-M2", off, true],
    ["minimax", "MiniMax-M3", off, false],
    ["generic", "m", high, true],
  ] as const)("%s %s %j: %p", (profile, model, wish, isOn) => {
    expect(plan(wish, { profile, model }).thinkingIsOn).toBe(isOn);
  });
});

describe("[1.2:qwen-whole 1.1:stream-qwen] qwen thinks in streams only", () => {
  test.each([
    [{}, "qwen3.6-plus", { enable_thinking: false }, false, false],
    [off, "qwen3.6-plus", { enable_thinking: false }, false, false],
    [high, "qwen3.6-plus", { enable_thinking: true, preserve_thinking: true }, true, true],
    [{}, "qwen3-8b-thinking", {}, true, true],
    [{ stream: true }, "qwen3.6-plus", {}, false, true],
    [{ stream: true }, "qwen3-max", {}, false, false],
  ])("%j %s", (wish, model, expected, mustStream, isOn) => {
    const built = plan(wish, { profile: "qwen", model });
    const { model: _, messages, max_tokens, stream, stream_options, ...fields } = built.chatRequest;
    const isStreamed = "stream" in wish || mustStream;
    expect({
      fields,
      stream,
      stream_options,
      isOn: built.thinkingIsOn,
    }).toEqual({
      fields: expected,
      stream: isStreamed ? true : undefined,
      stream_options: isStreamed ? { include_usage: true } : undefined,
      isOn,
    });
  });
});

const tools = [{ name: "T", input_schema: { type: "object" } }];

describe("[R0.1:known] OpenAI's later models with tools are told not to think", () => {
  test.each([
    ["gpt-5.4", high, { reasoning_effort: "none" }],
    ["gpt-5.6-terra", {}, { reasoning_effort: "none" }],
    ["gpt-5.10", off, { reasoning_effort: "none" }],
    ["gpt-5.2", high, { reasoning_effort: "high" }],
    ["gpt-5.4-chat", high, {}],
  ])("%s %j", (model, wish, expected) => {
    expect(reasoningFields({ ...wish, tools }, "openai", model)).toEqual(expected);
  });

  test("with a note when thinking was wanted, and then it is off", () => {
    const built = plan({ ...high, tools }, { profile: "openai", model: "gpt-5.4" });
    expect({ isOn: built.thinkingIsOn, stream: built.chatRequest.stream, repairs: built.repairs }).toEqual({
      isOn: false,
      stream: undefined,
      repairs: ["reasoning_effort was set to none"],
    });
  });

  test("not without tools", () => {
    expect(reasoningFields(high, "openai", "gpt-5.4")).toEqual({ reasoning_effort: "high" });
  });
});

describe("[1.2:display] display", () => {
  test.each([
    [{ type: "adaptive", display: "omitted" }, "omitted"],
    [{ type: "adaptive", display: "summarized" }, "shown"],
    [{ type: "adaptive", display: "updates" }, "shown"],
    [{ type: "adaptive" }, "shown"],
  ] as const)("%j: %s", (thinking, display) => {
    expect(plan({ thinking }).thinkingDisplay).toBe(display);
  });
});
