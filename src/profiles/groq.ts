import type { ProfileFamily } from "./profile-family.ts";
import { levelsFromLowToHigh, levelsUpToHigh, noLevels } from "./reasoning-levels.ts";

/** Groq. Models that do not reason refuse every reasoning field. Source: groq-sdk 1.6.0. */
export const groqFamily: ProfileFamily = {
  id: "groq",
  displayName: "Groq",
  hosts: ["groq.com"],
  overrides: {
    outputLimitField: "max_completion_tokens",
    structuredOutput: "json_schema-without-tools",
    maxTools: 128,
  },
  modelRules: [
    {
      models: /gpt-oss/,
      overrides: {
        outputCeiling: 65_536,
        reasoningRequest: { form: "effort", levels: levelsFromLowToHigh, canBeOff: false, onByDefault: true },
      },
    },
    {
      models: /qwen3-32b/,
      overrides: {
        outputCeiling: 40_960,
        reasoningRequest: { form: "effort", levels: { ...noLevels, off: "none" }, onByDefault: true },
      },
    },
    {
      models: /qwen3\.8-27b/,
      overrides: { reasoningRequest: { form: "effort", levels: levelsUpToHigh, onByDefault: true } },
    },
  ],
};
