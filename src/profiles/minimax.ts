import type { ProfileFamily } from "./profile-family.ts";

/** MiniMax's own API. Source: platform.minimax.io text-openai-api, vercel-minimax-ai-provider 0.0.2. */
export const minimaxFamily: ProfileFamily = {
  id: "minimax",
  displayName: "MiniMax",
  hosts: ["minimax.io", "minimaxi.com", "minimax.chat"],
  overrides: {
    outputLimitField: "max_completion_tokens",
    outputCeiling: 128_000,
    reasoningRequest: { form: "minimax", canBeOff: false, onByDefault: true },
    temperature: "positive",
    strictTools: "never",
    reasoningReturn: "minimax",
    envelopeFamily: "minimax",
    reasoningSnapshots: true,
  },
  modelRules: [{ models: /minimax-m[3-9]/, overrides: { reasoningRequest: { canBeOff: true } } }],
};
