import type { ChatRequest } from "../openai/chat-request.ts";

/** Counts what a chat request will be charged as, and learns from what it was charged. */
export interface TokenCounter {
  /** Prompt tokens of `chatRequest` for `model` at the configured upstream, calibrated. Never calls the network. */
  countChatRequest(chatRequest: ChatRequest): Promise<number>;
  /** Output tokens of a text, for answers that came without usage. */
  countText(text: string): Promise<number>;
  /** Takes note of what the upstream really charged for a chat request that was counted as `estimate`. */
  learn(model: string, estimate: number, promptTokens: number): void;
}
