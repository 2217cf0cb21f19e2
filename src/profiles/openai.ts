import type { ProfileFamily } from "./profile-family.ts";
import { levelsFromLowToHigh, levelsUpToHigh, namedLevels } from "./reasoning-levels.ts";

/** OpenAI's own API and its Azure twin. The chat models among the GPT-5 ones do not reason. */
export const openaiFamily: ProfileFamily = {
  hosts: ["api.openai.com", "openai.azure.com"],
  overrides: {
    traits: {
      request: { session: "prompt_cache_key" },
      tools: { maxTools: 128, schemaCleaning: "openai" },
      messages: { systemInConversation: "keep", needsUserFirst: false, pdf: "file" },
      answer: { thinkTags: "off" },
    },
    chat: { request: { outputLimitField: "max_completion_tokens" }, tools: { ids: "max40" } },
  },
  modelRules: [
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
      },
    },
    // The o models and the GPT-5 made for Codex know no `minimal`.
    {
      models: /^(o\d|gpt-5-codex)/,
      overrides: { chat: { reasoning: { levels: levelsFromLowToHigh, canBeOff: false } } },
    },
    { models: /^o1-(mini|preview)/, overrides: { chat: { reasoning: { form: "none" } } } },
    {
      models: /^gpt-(5\.\d|[6-9])(?!.*-chat)/,
      overrides: {
        chat: {
          request: { temperature: "drop-with-effort", topP: "drop-with-temperature", maxStopSequences: 0 },
          reasoning: { form: "effort", levels: levelsUpToHigh },
        },
      },
    },
    {
      models: /^gpt-(5\.1-codex-max|5\.([2-9]|\d\d)|[6-9])(?!.*-chat)/,
      overrides: { chat: { reasoning: { levels: { ...namedLevels, max: "xhigh" } } } },
    },
    // Rule R0.1: these refuse tools together with any other level, the later ones also without the field.
    {
      models: /^gpt-(5\.([4-9]|\d\d)|[6-9])(?!.*-chat)/,
      overrides: { chat: { reasoning: { levelWithTools: "none" } } },
    },
  ],
};
