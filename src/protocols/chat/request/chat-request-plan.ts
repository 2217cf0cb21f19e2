import type { JsonObject } from "../../../json/json-value.ts";
import type { RequestedTools } from "../../../translate/tools/requested-tools.ts";
import type { ChatRequest } from "../chat-request.ts";

/** A tool of the messages request as the answer's translation needs it. */
export interface RequestedTool {
  /** The name the client knows. */
  name: string;
  /** The client's own `input_schema`, not the cleaned one; `{}` for a tool without one. */
  inputSchema: JsonObject;
}

/**
 * Everything the way back needs to know of the way out. Made by `buildChatRequest`.
 */
export interface ChatRequestPlan {
  chatRequest: ChatRequest;
  /** Keyed by the name sent upstream; tells the name the client knows. */
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
  /** The upstream must be asked for a stream although the client wants a whole answer (qwen). */
  mustStream: boolean;
  /** Field names that were dropped, for the log. */
  dropped: readonly string[];
  /** What was mended or changed in the conversation, for the log, each once. */
  repairs: readonly string[];
}
