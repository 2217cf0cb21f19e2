import type { ProfileFamily } from "./profile-family.ts";
import { levelsFromLowToHigh } from "./reasoning-levels.ts";

/** Mistral's own API, which refuses every field it does not know. Source: @mistralai/mistralai 2.7.0. */
export const mistralFamily: ProfileFamily = {
  hosts: ["mistral.ai"],
  overrides: {
    traits: { messages: { pdf: "document_url" } },
    chat: {
      request: { asksForUsage: false },
      tools: { ids: "strict9" },
      toolChoice: { any: "any" },
      messages: { toolMessageContent: "parts", assistantBetweenToolAndUser: true, prefill: "prefix" },
    },
  },
  rules: [
    {
      models: /mistral-(small-(4|latest|2603)|medium-3[.-]5)/,
      overrides: {
        chat: {
          reasoning: {
            form: "effort",
            levels: { off: "none", low: "high", medium: "high", high: "high", xhigh: "high", max: "high" },
          },
        },
      },
    },
    {
      models: /mistral-large-4/,
      overrides: {
        chat: {
          reasoning: { form: "effort", levels: levelsFromLowToHigh, canBeOff: false, onByDefault: true },
        },
      },
    },
    { models: /magistral/, overrides: { chat: { reasoning: { canBeOff: false, onByDefault: true } } } },
  ],
};
