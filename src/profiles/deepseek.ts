import type { ProfileFamily } from "./profile-family.ts";

/** DeepSeek's own API. Source: api-docs.deepseek.com/guides/thinking_mode, @ai-sdk/deepseek 3.0.56. */
export const deepseekFamily: ProfileFamily = {
  id: "deepseek",
  displayName: "DeepSeek",
  hosts: ["deepseek.com"],
  overrides: {
    reasoningRequest: {
      form: "thinking",
      levels: { off: null, low: "low", medium: "high", high: "high", xhigh: "high", max: "max" },
      onByDefault: true,
    },
    structuredOutput: "json_object",
    strictTools: "never",
    toolChoice: { whileThinking: "thinking-off" },
    reasoningReturn: "content-always",
    // V4 refuses an omitted and an invented empty `reasoning_content`; one space satisfies every report.
    unknownReasoning: " ",
  },
  modelRules: [
    { models: /deepseek-chat/, overrides: { reasoningRequest: { onByDefault: false } } },
    { models: /v4/, overrides: { outputCeiling: 384_000 } },
  ],
  betaOverrides: { strictTools: "all-or-none", prefill: "prefix" },
};
