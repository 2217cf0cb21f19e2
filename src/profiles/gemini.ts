import type { ProfileFamily } from "./profile-family.ts";
import { levelsFromLowToHigh, levelsUpToHigh } from "./reasoning-levels.ts";

/** Google's OpenAI-compatible endpoint. Source: ai.google.dev "OpenAI compatibility" and "Thought signatures". */
export const geminiFamily: ProfileFamily = {
  hosts: ["generativelanguage.googleapis.com"],
  overrides: {
    traits: {
      tools: { schemaCleaning: "gemini" },
      reasoning: { envelopeFamily: "gemini" },
      answer: { thinkTags: "gemini", buffersToolArguments: true },
    },
    chat: { reasoning: { returnedAs: "gemini" } },
  },
  rules: [
    {
      models: /gemini-2\.5/,
      overrides: {
        traits: { request: { outputCeiling: 65_536 } },
        chat: { reasoning: { form: "effort", levels: levelsUpToHigh, onByDefault: true } },
      },
    },
    {
      models: /gemini-2\.5-pro/,
      overrides: { chat: { reasoning: { levels: levelsFromLowToHigh, canBeOff: false } } },
    },
    {
      models: /gemini-[3-9]/,
      overrides: {
        traits: { request: { outputCeiling: 65_536 } },
        chat: {
          reasoning: {
            form: "effort",
            levels: levelsFromLowToHigh,
            canBeOff: false,
            onByDefault: true,
            // A call without a signature is refused; the documentation names this one for calls from elsewhere.
            unknownAs: "skip_thought_signature_validator",
          },
        },
      },
    },
    {
      models: /gemini-3-pro/,
      overrides: { chat: { reasoning: { levels: { ...levelsFromLowToHigh, medium: "high" } } } },
    },
    {
      models: /gemini-[3-9].*flash/,
      overrides: { chat: { reasoning: { levels: { ...levelsUpToHigh, off: "minimal" }, canBeOff: true } } },
    },
  ],
};
