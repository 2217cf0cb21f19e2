import type { RequestedTools } from "../tools/requested-tools.ts";

/**
 * Everything that translating an answer needs of its request, except the conversation. It is kept as long as a stream
 * is open, and an agent's conversation is half a megabyte.
 */
export interface AnswerPlan {
  /** The model id requested from the upstream. */
  model: string;
  /** The upstream's limit of output tokens; null if it has none. */
  maxTokens: number | null;
  /** The tools as the client knows them, by the name sent upstream. */
  tools: RequestedTools;
  /** All tool ids of the conversation, as the client knows them: an answer may not reuse one (3.5). */
  usedToolIds: ReadonlySet<string>;
  /** All stop sequences of the client's request. */
  stopSequences: readonly string[];
  /** True if we have to watch the text for `stopSequences` ourselves (1.5). */
  watchesStopSequences: boolean;
  /** How thinking is shown: `omitted` sends the block with an empty text and the whole envelope (1.2). */
  thinkingDisplay: "shown" | "omitted";
  /** Thinking was requested, or the model thinks by default and thinking was not switched off. */
  thinkingIsOn: boolean;
  /** The client sent `context_management`, so the answer has the field too. */
  wantsContextManagement: boolean;
  /** The query of a web search sub-request; null if no search was requested. */
  webSearchQuery: string | null;
  /** The text of the client's prefill, cut from the start of the answer if the upstream repeats it (2.4 rule 8). */
  prefill: string | null;
}
