import type { RequestedTools } from "../tools/requested-tools.ts";

/**
 * What translating an answer needs to know of its request: all but the conversation. It is kept as long as a stream
 * is open, and an agent's conversation is half a megabyte.
 */
export interface AnswerPlan {
  /** The model id the upstream was asked for. */
  model: string;
  /** Output tokens the upstream was limited to; null when it was not. */
  maxTokens: number | null;
  /** Keyed by the name sent upstream; gives the name the client knows. */
  tools: RequestedTools;
  /** All tool ids of the conversation, as the client knows them: an answer may not use one again (3.5). */
  usedToolIds: ReadonlySet<string>;
  /** All stop sequences the client asked for. */
  stopSequences: readonly string[];
  /** True when we have to watch the text for `stopSequences` ourselves (1.5). */
  watchesStopSequences: boolean;
  /** How thinking is shown: `omitted` sends the block with an empty text and the whole envelope (1.2). */
  thinkingDisplay: "shown" | "omitted";
  /** Thinking was asked for, or the model thinks by itself and was not told not to. */
  thinkingIsOn: boolean;
  /** The client sent `context_management`, so the answer has the field too. */
  wantsContextManagement: boolean;
  /** The query of a web search sub-request; null when no search was asked for. */
  webSearchQuery: string | null;
  /** Text of the client's prefill, cut from the start of the answer if the upstream repeats it (2.4 rule 8). */
  prefill: string | null;
}
