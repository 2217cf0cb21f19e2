import { alwaysThinks } from "./always-thinks.ts";
import type { Profile } from "./profile.ts";
import type { ProfileFamily } from "./profile-family.ts";
import { noLevels } from "./reasoning-levels.ts";

/** What every family is laid over: a Chat Completions server of which nothing is known. */
export const genericProfile: Profile = {
  id: "generic",
  displayName: "the upstream",

  outputLimitField: "max_tokens",
  outputCeiling: null,
  asksForUsage: true,
  asksForToolStream: false,
  reasoningRequest: {
    form: "none",
    levels: noLevels,
    canBeOff: true,
    extra: {},
    takesBudget: false,
    onByDefault: false,
    levelWithTools: null,
  },
  temperature: "pass",
  topP: "pass",
  topK: false,
  maxStopSequences: 4,
  structuredOutput: "json_schema",
  passedKeys: [],
  session: "none",
  sendsAttribution: false,
  webSearch: "none",

  maxTools: null,
  schemaCleaning: "pass",
  strictTools: "when-valid",
  toolNames: "any",
  toolIds: "any",
  toolChoice: { any: "required", tool: "object", none: "none", whileThinking: "keep", isIgnored: false },
  parallelToolCalls: "when-disabled",
  needsToolsForHistory: false,

  systemInConversation: "fold",
  needsUserFirst: true,
  cacheMarks: "strip",
  toolMessageContent: "string",
  contentOfToolCallMessage: null,
  images: "url",
  pdf: "none",
  assistantBetweenToolAndUser: false,
  prefill: "as-is",

  reasoningReturn: "none",
  unknownReasoning: null,
  envelopeFamily: "text",

  thinkTags: "auto",
  loneThinkTag: true,
  promptThinkTag: null,
  reasoningSnapshots: false,
  repeatsReasoning: false,
  buffersToolArguments: false,
  rescuesTextToolCalls: false,
  emptyAnswerMayBeOverflow: false,
};

/** Servers that no other family claims. */
export const genericFamily: ProfileFamily = {
  id: "generic",
  displayName: genericProfile.displayName,
  hosts: [],
  overrides: { reasoningReturn: "opaque" },
  modelRules: [alwaysThinks],
};
