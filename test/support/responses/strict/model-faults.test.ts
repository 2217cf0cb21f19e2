import { test } from "bun:test";
import { asked, expectRefusal, type RefusalCase, withTools } from "./refusal-case.ts";

const gpt = (more: object) => asked({ model: "gpt-5.6", ...more });

const cases: RefusalCase[] = [
  {
    rule: "temperature with a model that reasons",
    family: "openai",
    good: asked({ model: "gpt-4o", temperature: 1 }),
    bad: gpt({ temperature: 1, top_p: 1 }),
    says: [
      "Unsupported parameter: 'temperature' is not supported with this model.",
      "Unsupported parameter: 'top_p' is not supported with this model.",
    ],
    code: null,
  },
  {
    rule: "temperature where reasoning is off",
    family: "openai",
    good: gpt({ temperature: 1, reasoning: { effort: "none" } }),
    bad: gpt({ temperature: 1, reasoning: { effort: "low" } }),
    says: ["Unsupported parameter: 'temperature' is not supported with this model."],
  },
  ...(
    [
      ["gpt-5.6", "max", "minimal"],
      ["gpt-5.4-mini", "xhigh", "max"],
      ["gpt-5.1", "none", "xhigh"],
      ["gpt-5.1-codex-max", "xhigh", "max"],
      ["gpt-5", "minimal", "none"],
      ["gpt-5-codex", "low", "minimal"],
      ["o4-mini", "low", "none"],
      ["gpt-6-astra", "max", "none"],
    ] as const
  ).map(
    ([model, level, wrong]): RefusalCase => ({
      rule: `the levels of ${model}`,
      family: "openai",
      good: asked({ model, reasoning: { effort: level } }),
      bad: asked({ model, reasoning: { effort: wrong } }),
      says: [
        `Unsupported value: '${wrong}' is not supported with the '${model}' model. Supported values are: …`,
      ],
      code: "unsupported_value",
    }),
  ),
  ...(
    [
      ["grok-4.3", "none", "xhigh"],
      ["grok-4.5", "low", "none"],
      ["grok-4.7", "xhigh", "none"],
    ] as const
  ).map(
    ([model, level, wrong]): RefusalCase => ({
      rule: `the levels of ${model}`,
      family: "xai",
      good: asked({ model, reasoning: { effort: level } }),
      bad: asked({ model, reasoning: { effort: wrong } }),
      says: [`Unsupported value: '${wrong}'…`],
    }),
  ),
  {
    rule: "a model without levels",
    family: "xai",
    good: asked({ model: "grok-4", reasoning: { summary: "auto" } }),
    bad: asked({ model: "grok-4", reasoning: { effort: "low" } }),
    says: ["Unsupported parameter: 'reasoning.effort' is not supported with this model."],
  },
  {
    rule: "a model that does not reason",
    family: "openai",
    good: asked({ model: "gpt-5-chat-latest" }),
    bad: asked({ model: "gpt-5-chat-latest", reasoning: { summary: "auto" } }),
    says: ["Unsupported parameter: 'reasoning.effort' is not supported with this model."],
  },
  {
    rule: "members of reasoning",
    family: "openai",
    good: gpt({ reasoning: { effort: "low", summary: "auto" } }),
    bad: gpt({ reasoning: { effort: "low", summary: "all", context: "all_turns" } }),
    says: ["Unknown parameter: 'reasoning.context'.", "Invalid value: 'all'…"],
  },
  {
    rule: "reasoning is not empty",
    family: "openai",
    good: gpt({}),
    bad: gpt({ reasoning: {} }),
    says: ["'reasoning' is empty."],
  },
  {
    rule: "no summary where reasoning is text",
    family: "deepseek",
    good: asked({ reasoning: { effort: "high" } }),
    bad: asked({ reasoning: { effort: "high", summary: "auto" } }),
    says: ["'reasoning.summary' means nothing here."],
  },
  {
    rule: "a search beside minimal",
    family: "openai",
    good: withTools({ model: "gpt-5", reasoning: { effort: "low" } }, { type: "web_search" }),
    bad: withTools({ model: "gpt-5", reasoning: { effort: "minimal" } }, { type: "web_search" }),
    says: ["The following tools cannot be used with reasoning.effort 'minimal': web_search."],
  },
];

test.each(cases)("$rule", expectRefusal);
