import type { ProfileFamily } from "./profile-family.ts";

/** Alibaba Model Studio (DashScope). Source: alibabacloud.com model-studio, @ai-sdk/alibaba 2.0.58. */
export const qwenFamily: ProfileFamily = {
  hosts: [
    "dashscope.aliyuncs.com",
    "dashscope-intl.aliyuncs.com",
    "dashscope-us.aliyuncs.com",
    "dashscope-finance.aliyuncs.com",
  ],
  overrides: {
    chat: {
      request: { structuredOutput: "json_object" },
      toolChoice: { whileThinking: "thinking-off" },
      messages: { cacheMarks: "message-parts" },
      reasoning: { form: "qwen", returnedAs: "content-with-tools", unknownAs: "" },
    },
    // It refuses `required`.
    responses: { toolChoice: { any: "omit" } },
  },
  rules: [
    {
      models: /qwen(2|1|-max|-vl-|-long|-coder|3-coder|3-max-preview)|-instruct/,
      overrides: { chat: { reasoning: { form: "none" } } },
    },
    {
      models: /qwen3(-max|\.[5-9]|-coder)/,
      overrides: { traits: { request: { outputCeiling: 65_536 } } },
    },
    { wire: "responses", overrides: { traits: { tools: { webSearch: "hosted" } } } },
    { models: /qwen-plus/, overrides: { traits: { request: { outputCeiling: 32_768 } } } },
    // The open models and those from 3.5 on think unless told not to.
    { models: /qwen3(\.[5-9]|-\d+b)/, overrides: { chat: { reasoning: { onByDefault: true } } } },
    {
      models: /qwen3\.[6-9]/,
      overrides: { chat: { reasoning: { extra: { preserve_thinking: true } } } },
    },
    { models: /qwen3\.[7-9]/, overrides: { chat: { request: { structuredOutput: "json_schema" } } } },
    {
      models: /-thinking|qwq/,
      overrides: {
        chat: {
          toolChoice: { whileThinking: "omit" },
          reasoning: { onByDefault: true, canBeOff: false },
        },
      },
    },
  ],
};
