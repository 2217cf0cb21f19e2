/** How a server writes its responses; of these only what the others do otherwise. */
export interface ResponseManner {
  /** Default true. False leaves out `output_index` and `sequence_number`. */
  hasIndex: boolean;
  /** The `done` events stand where their item ends, or all together before the terminal event. */
  dones: "in-place" | "at-end";
  /** The ids of items stand in all events, in `added` alone, or are others in every event, as the response's is. */
  ids: "steady" | "added-only" | "rotating" | "other-in-terminal";
  argumentDeltas: "pieces" | "one" | "none";
  /** Summary parts are opened and closed by events of their own. */
  hasSummaryParts: boolean;
  /** Where `encrypted_content` stands; `early` has a shorter one in `added`, and `empty` and `null` hold nothing. */
  encrypted: "early" | "done-only" | "empty" | "null";
  /** The `done` events of reasoning come behind those of the message that follows it. */
  reasoningEndsLate: boolean;
  /** `keepalive` events between the items. */
  hasKeepalives: boolean;
  /** What `response.id` begins with. */
  idPrefix: string;
  /** `error: null` stands in the responses of the first and the last event. */
  hasErrorMember: boolean;
  /** Comments before the first event, and `[DONE]` behind the last. */
  isGateway: boolean;
  /** A search is complete when it is added, and its query stands in its arguments. */
  searches: "in-steps" | "at-once";
  /** Padding in every delta. */
  obfuscates: boolean;
  /** Says that the response is complete, whatever it is. */
  alwaysCompleted: boolean;
}

const openai: ResponseManner = {
  hasIndex: true,
  dones: "in-place",
  ids: "steady",
  argumentDeltas: "pieces",
  hasSummaryParts: true,
  encrypted: "early",
  reasoningEndsLate: false,
  hasKeepalives: false,
  idPrefix: "resp_",
  hasErrorMember: true,
  isGateway: false,
  searches: "in-steps",
  obfuscates: false,
  alwaysCompleted: false,
};

/** The manners of servers, by what was recorded of them and by their sources. */
export const responseManners = {
  openai,
  azure: openai,
  xai: {
    ...openai,
    encrypted: "done-only",
    hasKeepalives: true,
    idPrefix: "0b824fe9-",
    hasErrorMember: false,
    searches: "at-once",
  },
  openrouter: {
    ...openai,
    ids: "other-in-terminal",
    encrypted: "done-only",
    reasoningEndsLate: true,
    idPrefix: "gen-",
    isGateway: true,
  },
  deepseek: { ...openai, idPrefix: "1235b7ba-" },
  lmstudio: { ...openai, argumentDeltas: "none" },
  ollama: { ...openai, argumentDeltas: "one", hasSummaryParts: false, alwaysCompleted: true },
  llamacpp: {
    ...openai,
    hasIndex: false,
    dones: "at-end",
    ids: "added-only",
    encrypted: "empty",
    alwaysCompleted: true,
  },
  vllm: openai,
  copilot: { ...openai, ids: "rotating", encrypted: "null" },
} as const satisfies Record<string, ResponseManner>;

export type MannerId = keyof typeof responseManners;
