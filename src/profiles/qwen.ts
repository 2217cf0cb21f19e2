import type { ProfileFamily } from "./profile-family.ts";

/** Alibaba Model Studio (DashScope). Source: alibabacloud.com model-studio, @ai-sdk/alibaba 2.0.58. */
export const qwenFamily: ProfileFamily = {
  id: "qwen",
  displayName: "Alibaba Model Studio",
  hosts: [
    "dashscope.aliyuncs.com",
    "dashscope-intl.aliyuncs.com",
    "dashscope-us.aliyuncs.com",
    "dashscope-finance.aliyuncs.com",
  ],
  overrides: {
    reasoningRequest: { form: "qwen" },
    structuredOutput: "json_object",
    toolChoice: { whileThinking: "thinking-off" },
    cacheMarks: "message-parts",
    reasoningReturn: "content-with-tools",
    unknownReasoning: "",
  },
  modelRules: [
    {
      models: /qwen(2|1|-max|-vl-|-long|-coder|3-coder|3-max-preview)|-instruct/,
      overrides: { reasoningRequest: { form: "none" } },
    },
    { models: /qwen3(-max|\.[5-9]|-coder)/, overrides: { outputCeiling: 65_536 } },
    { models: /qwen-plus/, overrides: { outputCeiling: 32_768 } },
    // The open models and those from 3.5 on think unless told not to.
    { models: /qwen3(\.[5-9]|-\d+b)/, overrides: { reasoningRequest: { onByDefault: true } } },
    {
      models: /qwen3\.[6-9]/,
      overrides: { reasoningRequest: { extra: { preserve_thinking: true } } },
    },
    { models: /qwen3\.[7-9]/, overrides: { structuredOutput: "json_schema" } },
    {
      models: /-thinking|qwq/,
      overrides: {
        reasoningRequest: { onByDefault: true, canBeOff: false },
        toolChoice: { whileThinking: "omit" },
      },
    },
  ],
};
