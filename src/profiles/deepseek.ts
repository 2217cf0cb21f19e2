import type { ProfileFamily } from "./profile-family.ts";

/** DeepSeek's own API. Source: api-docs.deepseek.com/guides/thinking_mode, @ai-sdk/deepseek 3.0.56. */
export const deepseekFamily: ProfileFamily = {
  hosts: ["deepseek.com"],
  overrides: {
    chat: {
      request: { structuredOutput: "json_object" },
      tools: { strict: "never" },
      toolChoice: { whileThinking: "thinking-off" },
      reasoning: {
        form: "thinking",
        levels: { off: null, low: "low", medium: "high", high: "high", xhigh: "high", max: "max" },
        onByDefault: true,
        returnedAs: "content-always",
        // V4 refuses an omitted and an invented empty `reasoning_content`; one space satisfies every report.
        unknownAs: " ",
      },
    },
    responses: {
      request: { structuredOutput: "json_object" },
      messages: { callsAdjacent: true },
      reasoning: {
        levels: { off: "none", low: "low", medium: "high", high: "high", xhigh: "high", max: "max" },
        onByDefault: true,
        returnedAs: "text-always",
        unknownAs: " ",
      },
    },
  },
  rules: [
    {
      models: /deepseek-chat/,
      overrides: {
        chat: { reasoning: { onByDefault: false } },
        responses: { reasoning: { onByDefault: false } },
      },
    },
    { models: /v4/, overrides: { traits: { request: { outputCeiling: 384_000 } } } },
    // Its vision models are the flash ones.
    { models: /flash/, overrides: { responses: { messages: { toolOutput: "images" } } } },
    {
      address: /\/beta$/,
      overrides: { chat: { tools: { strict: "all-or-none" }, messages: { prefill: "prefix" } } },
    },
    { wire: "responses", overrides: { traits: { tools: { webSearch: "hosted" } } } },
  ],
};
