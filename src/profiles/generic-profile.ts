import type { Profile } from "./profile.ts";
import { noLevels } from "./reasoning-levels.ts";

/** What every family is laid over: a Chat Completions server of which nothing is known. */
export const genericProfile: Profile = {
  id: "generic",
  traits: {
    request: { outputCeiling: null, session: "none", sendsAttribution: false },
    tools: {
      maxTools: null,
      names: "any",
      schemaCleaning: "pass",
      needsToolsForHistory: false,
      webSearch: "none",
    },
    messages: { systemInConversation: "fold", needsUserFirst: true, images: "url", pdf: "none" },
    reasoning: { envelopeFamily: "text", sendsSnapshots: false, repeatsTexts: false },
    answer: {
      thinkTags: "auto",
      loneThinkTag: true,
      promptThinkTag: null,
      buffersToolArguments: false,
      rescuesTextToolCalls: false,
      emptyAnswerMayBeOverflow: false,
      pullCommand: null,
    },
  },
  chat: {
    request: {
      outputLimitField: "max_tokens",
      asksForUsage: true,
      asksForToolStream: false,
      temperature: "pass",
      topP: "pass",
      topK: false,
      maxStopSequences: 4,
      structuredOutput: "json_schema",
      passedKeys: [],
    },
    tools: { strict: "when-valid", ids: "any", parallelCalls: "when-disabled" },
    toolChoice: { any: "required", tool: "object", none: "none", whileThinking: "keep", isIgnored: false },
    messages: {
      cacheMarks: "strip",
      toolMessageContent: "string",
      contentOfToolCallMessage: null,
      assistantBetweenToolAndUser: false,
      prefill: "as-is",
    },
    reasoning: {
      form: "none",
      levels: noLevels,
      canBeOff: true,
      extra: {},
      takesBudget: false,
      onByDefault: false,
      levelWithTools: null,
      returnedAs: "none",
      unknownAs: null,
    },
  },
};
