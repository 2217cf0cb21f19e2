import type { ProfileFamily, ProfileOverrides } from "./profile-family.ts";
import { namedLevels } from "./reasoning-levels.ts";

/** Models that think whatever they are asked. */
const alwaysThinks: ProfileOverrides = { reasoningRequest: { canBeOff: false, onByDefault: true } };

/** The same, of which a forced tool is refused as well. */
const alwaysThinksUnforced: ProfileOverrides = { ...alwaysThinks, toolChoice: { whileThinking: "omit" } };

/** OpenRouter: one API before many vendors, of whom some rules shine through. Source: @openrouter/sdk 1.3.19. */
export const openrouterFamily: ProfileFamily = {
  id: "openrouter",
  displayName: "OpenRouter",
  hosts: ["openrouter.ai"],
  overrides: {
    reasoningRequest: { form: "openrouter", levels: namedLevels },
    topK: true,
    passedKeys: ["provider", "models", "plugins", "transforms", "route"],
    session: "session_id",
    sendsAttribution: true,
    webSearch: "openrouter",
    needsUserFirst: false,
    cacheMarks: "keep",
    toolMessageContent: "parts",
    pdf: "file-or-url",
    reasoningReturn: "details",
    envelopeFamily: "or-other",
  },
  modelRules: [
    {
      models: /^anthropic\//,
      overrides: {
        reasoningRequest: { takesBudget: true },
        envelopeFamily: "or-anthropic",
        schemaCleaning: "openai",
        needsToolsForHistory: true,
      },
    },
    {
      models: /^openai\//,
      overrides: {
        envelopeFamily: "or-openai",
        maxTools: 128,
        schemaCleaning: "openai",
        systemInConversation: "keep",
      },
    },
    { models: /^openai\/(o\d|gpt-[5-9](?!.*-chat))/, overrides: { maxStopSequences: 0 } },
    {
      models: /^google\//,
      overrides: {
        reasoningRequest: { takesBudget: true },
        envelopeFamily: "or-google",
        schemaCleaning: "gemini",
      },
    },
    { models: /^x-ai\//, overrides: { envelopeFamily: "or-xai", maxStopSequences: 0 } },
    // Moonshot's and DeepSeek's own rule shows through: a call of theirs without reasoning is refused.
    { models: /^(deepseek|moonshotai)\//, overrides: { unknownReasoning: " " } },
    { models: /^deepseek\//, overrides: { toolChoice: { whileThinking: "thinking-off" } } },
    {
      models: /^qwen\//,
      overrides: {
        reasoningRequest: { takesBudget: true },
        toolChoice: { whileThinking: "thinking-off" },
      },
    },
    {
      models: /^moonshotai\//,
      overrides: { schemaCleaning: "kimi", toolNames: "no-leading-digit" },
    },
    {
      models: /^moonshotai\/kimi-k2\.[56]/,
      overrides: { toolChoice: { whileThinking: "thinking-off" } },
    },
    {
      models: /^moonshotai\/kimi-(k2\.[5-9]|k[3-9])/,
      overrides: { temperature: "drop", topP: "drop" },
    },
    { models: /^minimax\//, overrides: { temperature: "positive" } },
    { models: /^mistralai\//, overrides: { toolIds: "strict9", assistantBetweenToolAndUser: true } },
    { models: /^openai\/(o\d|gpt-5(?![\d.])(?!.*-chat)|gpt-oss)/, overrides: alwaysThinks },
    { models: /^google\/gemini-(2\.5-pro|[3-9](?!.*flash))/, overrides: alwaysThinks },
    { models: /^x-ai\/grok-4(?![.-]3|.*fast)/, overrides: alwaysThinks },
    { models: /^(minimax\/minimax-m[12]|z-ai\/glm-5\.[3-9])/, overrides: alwaysThinks },
    { models: /^moonshotai\/kimi-k[3-9]/, overrides: alwaysThinks },
    { models: /^moonshotai\/kimi-(k2-thinking|k2\.7)/, overrides: alwaysThinksUnforced },
    { models: /^(deepseek\/deepseek-r1|qwen\/.*(-thinking|qwq))/, overrides: alwaysThinksUnforced },
    {
      models: /^moonshotai\/kimi-k[3-9]/,
      overrides: { toolChoice: { tool: "only-tool" } },
    },
  ],
};
