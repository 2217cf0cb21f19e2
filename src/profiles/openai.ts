import type { ProfileFamily } from "./profile-family.ts";
import { levelsFromLowToHigh, levelsUpToHigh, namedLevels } from "./reasoning-levels.ts";

/** OpenAI's own API and its Azure twin. The chat models among the GPT-5 ones do not reason. Source: openai 7.57.0. */
export const openaiFamily: ProfileFamily = {
  hosts: ["api.openai.com", "openai.azure.com", "cognitiveservices.azure.com", "services.ai.azure.com"],
  // Chat Completions refuses tools beside reasoning for the newer ones, and has no place for their reasoning.
  responsesModels: /^o\d|^gpt-5(?!.*-(?:chat|search))|^gpt-(?:[6-9]|\d\d)|codex|deep-research/,
  overrides: {
    traits: {
      request: { session: "prompt_cache_key" },
      tools: { maxTools: 128, schemaCleaning: "openai" },
      messages: { systemInConversation: "keep", needsUserFirst: false, pdf: "file" },
      answer: { thinkTags: "off" },
    },
    chat: { request: { outputLimitField: "max_completion_tokens" }, tools: { ids: "max40" } },
    responses: {
      request: { declinesObfuscation: true },
      tools: { strict: "when-valid", webSearch: "openai" },
      messages: { toolOutput: "files" },
      reasoning: { takesEffort: false, takesSummary: true, returnedAs: "encrypted" },
    },
  },
  rules: [
    { models: /^gpt-.*-search/, overrides: { traits: { tools: { webSearch: "options" } } } },
    {
      models: /^(o\d|gpt-5(?![\d.])(?!.*-chat))/,
      overrides: {
        chat: {
          request: { temperature: "drop", topP: "drop", maxStopSequences: 0 },
          reasoning: {
            form: "effort",
            levels: { ...levelsUpToHigh, off: "minimal" },
            onByDefault: true,
          },
        },
        responses: {
          request: { temperature: "drop", topP: "drop" },
          reasoning: { takesEffort: true, levels: { ...levelsUpToHigh, off: "minimal" }, onByDefault: true },
        },
      },
    },
    // The share of the window that is for the prompt. Source: `limit.input` of anomalyco/models.dev, Sept 2026.
    {
      models: /^gpt-5(?!\.(?:[7-9]|\d\d))(?!.*-(?:chat|spark))/,
      overrides: { traits: { request: { inputWindow: 272_000 } } },
    },
    {
      models: /^gpt-(?:5\.[4-6]|6)(?!.*-(?:chat|mini|nano|instant|cyber))/,
      overrides: { traits: { request: { inputWindow: 922_000 } } },
    },
    // The o models and the GPT-5 made for Codex know no `minimal`.
    {
      models: /^(o\d|gpt-5-codex)/,
      overrides: {
        chat: { reasoning: { levels: levelsFromLowToHigh, canBeOff: false } },
        responses: { reasoning: { levels: levelsFromLowToHigh, canBeOff: false } },
      },
    },
    {
      models: /^o1-(mini|preview)/,
      overrides: {
        chat: { reasoning: { form: "none" } },
        responses: { reasoning: { takesEffort: false, takesSummary: false } },
      },
    },
    {
      models: /^gpt-(5\.\d|[6-9])(?!.*-chat)/,
      overrides: {
        chat: {
          request: { temperature: "drop-with-effort", topP: "drop-with-temperature", maxStopSequences: 0 },
          reasoning: { form: "effort", levels: levelsUpToHigh },
        },
        responses: {
          request: { temperature: "off-only", topP: "off-only" },
          reasoning: { takesEffort: true, levels: levelsUpToHigh },
        },
      },
    },
    {
      models: /^gpt-(5\.1-codex-max|5\.([2-9]|\d\d)|[6-9])(?!.*-chat)/,
      overrides: {
        chat: { reasoning: { levels: { ...namedLevels, max: "xhigh" } } },
        responses: { reasoning: { levels: { ...namedLevels, max: "xhigh" } } },
      },
    },
    {
      models: /^gpt-(5\.([6-9]|\d\d)|[6-9])(?!.*-chat)/,
      overrides: { responses: { reasoning: { levels: namedLevels } } },
    },
    {
      models: /^gpt-6-astra/,
      overrides: { responses: { reasoning: { levels: { ...namedLevels, off: "low" }, canBeOff: false } } },
    },
    {
      models: /^gpt-(5\.3-codex|5\.([4-9]|\d\d)|[6-9])/,
      overrides: { responses: { messages: { phase: true } } },
    },
    // Rule R0.1: these refuse tools together with any other level, the later ones also without the field.
    {
      models: /^gpt-(5\.([4-9]|\d\d)|[6-9])(?!.*-chat)/,
      overrides: { chat: { reasoning: { levelWithTools: "none" } } },
    },
    // Its newer addresses end with `/openai/v1` and take the key as OpenAI does.
    {
      address: /\.azure\.com(?!\/openai\/v1(?:\/|$))/,
      overrides: { traits: { request: { keyHeader: "api-key" } } },
    },
    {
      wire: "responses",
      overrides: {
        traits: {
          request: { silenceSeconds: 900 },
          tools: { webSearch: "hosted" },
          messages: { pdf: "file-or-url" },
          reasoning: { envelopeFamily: "rs-openai" },
        },
      },
    },
    {
      wire: "responses",
      address: /\.azure\.com(?:\/|$)/,
      overrides: { traits: { reasoning: { envelopeFamily: "rs-azure" } } },
    },
    // Projects hold every item to a strict schema, in which reasoning has an id.
    {
      address: /\.services\.ai\.azure\.com(?:\/|$)/,
      overrides: { responses: { reasoning: { itemIds: "reasoning" } } },
    },
  ],
};
