import type { ProfileFamily } from "./profile-family.ts";
import { levelsFromLowToHigh, levelsUpToHigh, noLevels } from "./reasoning-levels.ts";

/** Groq. Models that do not reason refuse every reasoning field. Source: groq-sdk 1.6.0. */
export const groqFamily: ProfileFamily = {
  hosts: ["groq.com"],
  overrides: {
    traits: { tools: { maxTools: 128 } },
    chat: {
      request: { outputLimitField: "max_completion_tokens", structuredOutput: "json_schema-without-tools" },
    },
  },
  rules: [
    {
      models: /gpt-oss/,
      overrides: {
        traits: { request: { outputCeiling: 65_536 } },
        chat: {
          reasoning: { form: "effort", levels: levelsFromLowToHigh, canBeOff: false, onByDefault: true },
        },
      },
    },
    {
      models: /qwen3-32b/,
      overrides: {
        traits: { request: { outputCeiling: 40_960 } },
        chat: { reasoning: { form: "effort", levels: { ...noLevels, off: "none" }, onByDefault: true } },
      },
    },
    {
      models: /qwen3\.8-27b/,
      overrides: { chat: { reasoning: { form: "effort", levels: levelsUpToHigh, onByDefault: true } } },
    },
  ],
};
