import type { ChatRequest } from "../openai/chat-request.ts";

/** What a request was counted as, to be given back to `learn` when the upstream has said what it charged. */
export interface TokenEstimate {
  /** Prompt tokens the upstream is expected to charge: what is shown to people and clients. */
  tokens: number;
  /** The same before the model's factor. */
  rawTokens: number;
  /** True when the tokenizer was not to be had and the bytes were counted instead: nothing is learned from it. */
  isGuess: boolean;
}

/** Counts what a chat request will be charged as, and learns from what it was charged. */
export interface TokenCounter {
  /** Prompt tokens of `chatRequest` for its model at the upstream. Never calls the network, never rejects. */
  countChatRequest(chatRequest: ChatRequest): Promise<TokenEstimate>;
  /**
   * The same at once, without ever starting the tokenizer: what was counted before counts, the rest is guessed from
   * its bytes.
   */
  guessChatRequest(chatRequest: ChatRequest): TokenEstimate;
  /** Tokens of a text alone for `model`, for answers that came without usage. Never rejects. */
  countText(model: string, text: string): Promise<number>;
  /**
   * Takes note of what the upstream really charged for a request that was counted as `estimate`.
   * Returns the estimate's error in percent of the charge (10: ten percent too high), or null when
   * `promptTokens` is no charge at all.
   */
  learn(model: string, estimate: TokenEstimate, promptTokens: number): number | null;
  /**
   * Takes note of what a request was charged as that was not counted, or not as it was sent: it is counted and
   * learned from when no answers come for a while.
   */
  learnLater(chatRequest: ChatRequest, promptTokens: number): void;
  /** Writes down what was learned and ends the tokenizer's thread. Counts after it are guesses. */
  close(): Promise<void>;
}
