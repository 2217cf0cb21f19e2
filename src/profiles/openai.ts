import type { ProfileFamily } from "./profile-family.ts";
import { levelsFromLowToHigh, levelsUpToHigh, namedLevels } from "./reasoning-levels.ts";

/** OpenAI's own API and its Azure twin. The chat models among the GPT-5 ones do not reason. */
export const openaiFamily: ProfileFamily = {
  id: "openai",
  displayName: "OpenAI",
  hosts: ["api.openai.com", "openai.azure.com"],
  overrides: {
    outputLimitField: "max_completion_tokens",
    session: "prompt_cache_key",
    maxTools: 128,
    schemaCleaning: "openai",
    toolIds: "max40",
    systemInConversation: "keep",
    needsUserFirst: false,
    pdf: "file",
    thinkTags: "off",
  },
  modelRules: [
    { models: /^gpt-.*-search/, overrides: { webSearch: "options" } },
    {
      models: /^(o\d|gpt-5(?![\d.])(?!.*-chat))/,
      overrides: {
        reasoningRequest: {
          form: "effort",
          levels: { ...levelsUpToHigh, off: "minimal" },
          onByDefault: true,
        },
        temperature: "drop",
        topP: "drop",
        maxStopSequences: 0,
      },
    },
    // The o models and the GPT-5 made for Codex know no `minimal`.
    {
      models: /^(o\d|gpt-5-codex)/,
      overrides: { reasoningRequest: { levels: levelsFromLowToHigh, canBeOff: false } },
    },
    { models: /^o1-(mini|preview)/, overrides: { reasoningRequest: { form: "none" } } },
    {
      models: /^gpt-(5\.\d|[6-9])(?!.*-chat)/,
      overrides: {
        reasoningRequest: { form: "effort", levels: levelsUpToHigh },
        temperature: "drop-with-effort",
        topP: "drop-with-temperature",
        maxStopSequences: 0,
      },
    },
    {
      models: /^gpt-(5\.1-codex-max|5\.([2-9]|\d\d)|[6-9])(?!.*-chat)/,
      overrides: { reasoningRequest: { levels: { ...namedLevels, max: "xhigh" } } },
    },
    // Rule R0.1: these refuse tools together with any other level, the later ones also without the field.
    {
      models: /^gpt-(5\.([4-9]|\d\d)|[6-9])(?!.*-chat)/,
      overrides: { reasoningRequest: { levelWithTools: "none" } },
    },
  ],
};
