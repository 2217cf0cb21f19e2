import type { ProfileFamily } from "./profile-family.ts";
import { levelsLowHighMax } from "./reasoning-levels.ts";

/** Z.ai and its Chinese twin. Source: docs.z.ai and docs.bigmodel.cn, zhipu-ai-provider 0.2.2. */
export const glmFamily: ProfileFamily = {
  id: "glm",
  displayName: "Z.ai",
  hosts: ["z.ai", "bigmodel.cn"],
  overrides: {
    // Older turns' reasoning is thrown away by the standard endpoint unless it is told not to.
    reasoningRequest: { form: "thinking", extra: { clear_thinking: false } },
    maxStopSequences: 1,
    structuredOutput: "json_object",
    maxTools: 128,
    strictTools: "never",
    toolChoice: { any: "omit", tool: "only-tool", none: "omit" },
    contentOfToolCallMessage: "",
    reasoningReturn: "content-with-tools",
    unknownReasoning: "",
  },
  modelRules: [
    { models: /glm-4\.5/, overrides: { outputCeiling: 98_304 } },
    { models: /glm-4\.5v/, overrides: { outputCeiling: 16_384 } },
    { models: /glm-(4\.[6-9]|[5-9])/, overrides: { outputCeiling: 131_072, asksForToolStream: true } },
    { models: /glm-4\.6v/, overrides: { outputCeiling: 32_768 } },
    { models: /glm-(4\.[7-9]|[5-9])/, overrides: { reasoningRequest: { onByDefault: true } } },
    {
      models: /glm-5\.2/,
      overrides: { reasoningRequest: { levels: { ...levelsLowHighMax, off: "none", low: "high" } } },
    },
    {
      models: /glm-(5\.[3-9]|[6-9])/,
      overrides: { reasoningRequest: { levels: levelsLowHighMax, canBeOff: false } },
    },
  ],
};
