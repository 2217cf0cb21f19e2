import type { ProfileFamily } from "./profile-family.ts";
import { levelsFromLowToHigh, levelsUpToHigh, namedLevels } from "./reasoning-levels.ts";

/** xAI. grok-4, grok-4-1-fast and grok-4.20 think but refuse the effort. Source: docs.x.ai, models.dev. */
export const xaiFamily: ProfileFamily = {
  hosts: ["x.ai"],
  // It calls Chat Completions deprecated, and returns no reasoning there.
  responsesModels: /(?:)/,
  overrides: {
    traits: { tools: { maxTools: 128 }, reasoning: { repeatsTexts: true }, answer: { tellsCost: true } },
    chat: {
      request: { outputLimitField: "max_completion_tokens", maxStopSequences: 0 },
      tools: { strict: "never" },
    },
    responses: {
      tools: { webSearch: "xai" },
      messages: { toolOutput: "images" },
      reasoning: { takesEffort: false, takesSummary: true, returnedAs: "encrypted" },
    },
  },
  rules: [
    {
      models: /grok-(4|[5-9])(?!.*non-reasoning)/,
      overrides: {
        chat: { reasoning: { canBeOff: false, onByDefault: true } },
        responses: { reasoning: { canBeOff: false, onByDefault: true } },
      },
    },
    {
      models: /grok-4[.-]3(?!\d)/,
      overrides: {
        chat: { reasoning: { form: "effort", levels: levelsUpToHigh, canBeOff: true } },
        responses: { reasoning: { takesEffort: true, levels: levelsUpToHigh, canBeOff: true } },
      },
    },
    {
      models: /grok-4[.-]5(?!\d)/,
      overrides: {
        chat: { reasoning: { form: "effort", levels: levelsFromLowToHigh } },
        responses: { reasoning: { takesEffort: true, levels: levelsFromLowToHigh } },
      },
    },
    {
      models: /grok-(4[.-][6-9](?!\d)|[5-9])/,
      overrides: {
        chat: { reasoning: { form: "effort", levels: { ...namedLevels, off: "low", max: "xhigh" } } },
        responses: { reasoning: { takesEffort: true, levels: { ...namedLevels, off: "low", max: "xhigh" } } },
      },
    },
    // Reads files at addresses only.
    {
      wire: "responses",
      overrides: {
        traits: {
          request: { session: "prompt_cache_key", silenceSeconds: 900 },
          tools: { webSearch: "hosted" },
          messages: { pdf: "url" },
          reasoning: { envelopeFamily: "rs-xai" },
          answer: { thinkTags: "off" },
        },
      },
    },
    { models: /grok-code/, overrides: { responses: { reasoning: { canBeOff: false, onByDefault: true } } } },
  ],
};
