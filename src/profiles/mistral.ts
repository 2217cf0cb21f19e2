import type { ProfileFamily } from "./profile-family.ts";
import { levelsFromLowToHigh } from "./reasoning-levels.ts";

/** Mistral's own API, which refuses every field it does not know. Source: @mistralai/mistralai 2.7.0. */
export const mistralFamily: ProfileFamily = {
  id: "mistral",
  displayName: "Mistral",
  hosts: ["mistral.ai"],
  overrides: {
    asksForUsage: false,
    toolIds: "strict9",
    toolChoice: { any: "any" },
    toolMessageContent: "parts",
    pdf: "document_url",
    assistantBetweenToolAndUser: true,
    prefill: "prefix",
  },
  modelRules: [
    {
      models: /mistral-(small-(4|latest|2603)|medium-3[.-]5)/,
      overrides: {
        reasoningRequest: {
          form: "effort",
          levels: { off: "none", low: "high", medium: "high", high: "high", xhigh: "high", max: "high" },
        },
      },
    },
    {
      models: /mistral-large-4/,
      overrides: {
        reasoningRequest: { form: "effort", levels: levelsFromLowToHigh, canBeOff: false, onByDefault: true },
      },
    },
    { models: /magistral/, overrides: { reasoningRequest: { canBeOff: false, onByDefault: true } } },
  ],
};
