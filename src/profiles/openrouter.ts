import type { ProfileFamily } from "./profile-family.ts";
import type { ProfileOverrides } from "./profile-overrides.ts";
import { namedLevels } from "./reasoning-levels.ts";

/** Models that think whatever they are asked. */
const alwaysThinks: ProfileOverrides = { chat: { reasoning: { canBeOff: false, onByDefault: true } } };

/** The same, of which a forced tool is refused as well. */
const alwaysThinksUnforced: ProfileOverrides = {
  chat: { ...alwaysThinks.chat, toolChoice: { whileThinking: "omit" } },
};

/** OpenRouter: one API before many vendors, of whom some rules shine through. Source: @openrouter/sdk 1.3.19. */
export const openrouterFamily: ProfileFamily = {
  hosts: ["openrouter.ai"],
  overrides: {
    traits: {
      request: { session: "session_id", sendsAttribution: true },
      tools: { webSearch: "openrouter" },
      messages: { needsUserFirst: false, pdf: "file-or-url" },
      reasoning: { envelopeFamily: "or-other" },
      // Source: OpenRouter's "Usage accounting": `usage.cost` is in every answer.
      answer: { tellsCost: true },
    },
    chat: {
      request: { topK: true, passedKeys: ["provider", "models", "plugins", "transforms", "route"] },
      messages: { cacheMarks: "keep", toolMessageContent: "parts" },
      reasoning: { form: "openrouter", levels: namedLevels, returnedAs: "details" },
    },
    responses: {
      request: { topK: true, passedKeys: ["provider", "models", "plugins", "transforms", "route"] },
      reasoning: { takesSummary: true, itemIds: "reasoning" },
    },
  },
  rules: [
    {
      models: /^anthropic\//,
      overrides: {
        traits: {
          tools: { schemaCleaning: "openai", needsToolsForHistory: true },
          reasoning: { envelopeFamily: "or-anthropic" },
        },
        chat: { reasoning: { takesBudget: true } },
      },
    },
    {
      models: /^openai\//,
      overrides: {
        traits: {
          tools: { maxTools: 128, schemaCleaning: "openai" },
          messages: { systemInConversation: "keep" },
          reasoning: { envelopeFamily: "or-openai" },
        },
      },
    },
    {
      models: /^openai\/(o\d|gpt-[5-9](?!.*-chat))/,
      overrides: { chat: { request: { maxStopSequences: 0 } } },
    },
    {
      models: /^google\//,
      overrides: {
        traits: { tools: { schemaCleaning: "gemini" }, reasoning: { envelopeFamily: "or-google" } },
        chat: { reasoning: { takesBudget: true } },
      },
    },
    {
      models: /^x-ai\//,
      overrides: {
        traits: { reasoning: { envelopeFamily: "or-xai" } },
        chat: { request: { maxStopSequences: 0 } },
      },
    },
    // Moonshot's and DeepSeek's own rule shows through: a call of theirs without reasoning is refused.
    { models: /^(deepseek|moonshotai)\//, overrides: { chat: { reasoning: { unknownAs: " " } } } },
    { models: /^deepseek\//, overrides: { chat: { toolChoice: { whileThinking: "thinking-off" } } } },
    {
      models: /^qwen\//,
      overrides: {
        chat: { toolChoice: { whileThinking: "thinking-off" }, reasoning: { takesBudget: true } },
      },
    },
    {
      models: /^moonshotai\//,
      overrides: { traits: { tools: { names: "no-leading-digit", schemaCleaning: "kimi" } } },
    },
    {
      models: /^moonshotai\/kimi-k2\.[56]/,
      overrides: { chat: { toolChoice: { whileThinking: "thinking-off" } } },
    },
    {
      models: /^moonshotai\/kimi-(k2\.[5-9]|k[3-9])/,
      overrides: { chat: { request: { temperature: "drop", topP: "drop" } } },
    },
    { models: /^minimax\//, overrides: { chat: { request: { temperature: "positive" } } } },
    {
      models: /^mistralai\//,
      overrides: { chat: { tools: { ids: "strict9" }, messages: { assistantBetweenToolAndUser: true } } },
    },
    { models: /^openai\/(o\d|gpt-5(?![\d.])(?!.*-chat)|gpt-oss)/, overrides: alwaysThinks },
    { models: /^google\/gemini-(2\.5-pro|[3-9](?!.*flash))/, overrides: alwaysThinks },
    { models: /^x-ai\/grok-4(?![.-]3|.*fast)/, overrides: alwaysThinks },
    { models: /^(minimax\/minimax-m[12]|z-ai\/glm-5\.[3-9])/, overrides: alwaysThinks },
    { models: /^moonshotai\/kimi-k[3-9]/, overrides: alwaysThinks },
    { models: /^moonshotai\/kimi-(k2-thinking|k2\.7)/, overrides: alwaysThinksUnforced },
    { models: /^(deepseek\/deepseek-r1|qwen\/.*(-thinking|qwq))/, overrides: alwaysThinksUnforced },
    {
      models: /^moonshotai\/kimi-k[3-9]/,
      overrides: { chat: { toolChoice: { tool: "only-tool" } } },
    },
    {
      wire: "responses",
      overrides: {
        traits: { tools: { webSearch: "none" }, reasoning: { envelopeFamily: "rs-other" } },
      },
    },
  ],
};
