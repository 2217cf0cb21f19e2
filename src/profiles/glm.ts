import type { ProfileFamily } from "./profile-family.ts";
import { levelsLowHighMax } from "./reasoning-levels.ts";

/** Z.ai and its Chinese twin. Source: docs.z.ai and docs.bigmodel.cn, zhipu-ai-provider 0.2.2. */
export const glmFamily: ProfileFamily = {
  hosts: ["z.ai", "bigmodel.cn"],
  overrides: {
    traits: { tools: { maxTools: 128 } },
    chat: {
      request: { maxStopSequences: 1, structuredOutput: "json_object" },
      tools: { strict: "never" },
      toolChoice: { any: "omit", tool: "only-tool", none: "omit" },
      messages: { contentOfToolCallMessage: "" },
      reasoning: {
        form: "thinking",
        // Older turns' reasoning is thrown away by the standard endpoint unless it is told not to.
        extra: { clear_thinking: false },
        returnedAs: "content-with-tools",
        unknownAs: "",
      },
    },
  },
  rules: [
    { models: /glm-4\.5/, overrides: { traits: { request: { outputCeiling: 98_304 } } } },
    { models: /glm-4\.5v/, overrides: { traits: { request: { outputCeiling: 16_384 } } } },
    {
      models: /glm-(4\.[6-9]|[5-9])/,
      overrides: {
        traits: { request: { outputCeiling: 131_072 } },
        chat: { request: { asksForToolStream: true } },
      },
    },
    { models: /glm-4\.6v/, overrides: { traits: { request: { outputCeiling: 32_768 } } } },
    { models: /glm-(4\.[7-9]|[5-9])/, overrides: { chat: { reasoning: { onByDefault: true } } } },
    {
      models: /glm-5\.2/,
      overrides: { chat: { reasoning: { levels: { ...levelsLowHighMax, off: "none", low: "high" } } } },
    },
    {
      models: /glm-(5\.[3-9]|[6-9])/,
      overrides: { chat: { reasoning: { levels: levelsLowHighMax, canBeOff: false } } },
    },
  ],
};
