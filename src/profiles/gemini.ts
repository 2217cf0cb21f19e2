import type { ProfileFamily } from "./profile-family.ts";
import { levelsFromLowToHigh, levelsUpToHigh } from "./reasoning-levels.ts";

/** Google's OpenAI-compatible endpoint. Source: ai.google.dev "OpenAI compatibility" and "Thought signatures". */
export const geminiFamily: ProfileFamily = {
  id: "gemini",
  displayName: "Gemini",
  hosts: ["generativelanguage.googleapis.com"],
  overrides: {
    schemaCleaning: "gemini",
    reasoningReturn: "gemini",
    envelopeFamily: "gemini",
    thinkTags: "gemini",
    buffersToolArguments: true,
  },
  modelRules: [
    {
      models: /gemini-2\.5/,
      overrides: {
        outputCeiling: 65_536,
        reasoningRequest: { form: "effort", levels: levelsUpToHigh, onByDefault: true },
      },
    },
    {
      models: /gemini-2\.5-pro/,
      overrides: { reasoningRequest: { levels: levelsFromLowToHigh, canBeOff: false } },
    },
    {
      models: /gemini-[3-9]/,
      overrides: {
        outputCeiling: 65_536,
        reasoningRequest: {
          form: "effort",
          levels: levelsFromLowToHigh,
          canBeOff: false,
          onByDefault: true,
        },
        // A call without a signature is refused; the documentation names this one for calls from elsewhere.
        unknownReasoning: "skip_thought_signature_validator",
      },
    },
    {
      models: /gemini-3-pro/,
      overrides: { reasoningRequest: { levels: { ...levelsFromLowToHigh, medium: "high" } } },
    },
    {
      models: /gemini-[3-9].*flash/,
      overrides: { reasoningRequest: { levels: { ...levelsUpToHigh, off: "minimal" }, canBeOff: true } },
    },
  ],
};
