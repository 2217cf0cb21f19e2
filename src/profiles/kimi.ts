import type { ProfileFamily } from "./profile-family.ts";
import { levelsLowHighMax } from "./reasoning-levels.ts";

/** Moonshot's own API. Source: platform.kimi.ai, @ai-sdk/moonshotai 3.0.60. */
export const kimiFamily: ProfileFamily = {
  id: "kimi",
  displayName: "Kimi",
  hosts: ["moonshot.ai", "moonshot.cn", "kimi.com"],
  overrides: {
    schemaCleaning: "kimi",
    toolNames: "no-leading-digit",
    toolIds: "kimi",
    images: "base64",
    reasoningReturn: "content-with-tools",
    // An empty `reasoning_content` counts as missing there.
    unknownReasoning: " ",
  },
  modelRules: [
    {
      models: /kimi-(k2\.[5-9]|k[3-9])|kimi-k2-thinking/,
      overrides: {
        outputCeiling: 32_768,
        temperature: "drop",
        topP: "drop",
        reasoningRequest: { onByDefault: true },
      },
    },
    {
      models: /kimi-k2\.[56]/,
      overrides: { reasoningRequest: { form: "thinking" }, toolChoice: { whileThinking: "thinking-off" } },
    },
    // Without it the reasoning of older turns does not count.
    { models: /kimi-k2\.6/, overrides: { reasoningRequest: { extra: { keep: "all" } } } },
    {
      models: /kimi-k2-thinking|kimi-k2\.7/,
      overrides: { reasoningRequest: { canBeOff: false }, toolChoice: { whileThinking: "omit" } },
    },
    {
      models: /kimi-k[3-9]/,
      overrides: {
        reasoningRequest: { form: "effort", levels: levelsLowHighMax, canBeOff: false },
        toolChoice: { tool: "only-tool" },
      },
    },
  ],
};
