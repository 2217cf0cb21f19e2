import type { ProfileFamily } from "./profile-family.ts";

/** MiniMax's own API. Source: platform.minimax.io text-openai-api, vercel-minimax-ai-provider 0.0.2. */
export const minimaxFamily: ProfileFamily = {
  hosts: ["minimax.io", "minimaxi.com", "minimax.chat"],
  overrides: {
    traits: {
      request: { outputCeiling: 128_000 },
      reasoning: { envelopeFamily: "minimax", sendsSnapshots: true },
    },
    chat: {
      request: { outputLimitField: "max_completion_tokens", temperature: "positive" },
      tools: { strict: "never" },
      reasoning: { form: "minimax", canBeOff: false, onByDefault: true, returnedAs: "minimax" },
    },
  },
  rules: [{ models: /minimax-m[3-9]/, overrides: { chat: { reasoning: { canBeOff: true } } } }],
};
