import type { RecalledParts } from "./part-counter.ts";
import type { RequestPart } from "./request-part.ts";

/** What a request was counted as, to be given back to `learn` when the upstream has said what it charged. */
export interface TokenEstimate {
  /** Prompt tokens the upstream is expected to charge: what is shown to people and clients. */
  tokens: number;
  /** The same before the model's factor. */
  rawTokens: number;
  /** True when some of it is guessed from its bytes. */
  isGuess: boolean;
}

/** A request as far as it was counted before. The request itself is not needed any more. */
export interface RecalledRequest extends RecalledParts {
  model: string;
}

/** Counts what a request will be charged as, and learns from what it was charged. */
export interface TokenCounter {
  /** The tokenizer runs, so that what is new is all that a count costs: before that, its table takes 90 MB first. */
  readonly isAwake: boolean;
  /** Counts the parts of a request for its model: `recall` and `count`. Never rejects. */
  countParts(model: string, parts: readonly RequestPart[]): Promise<TokenEstimate>;
  /** Looks up what was counted before of a request's parts. Never starts the tokenizer. */
  recall(model: string, parts: readonly RequestPart[]): RecalledRequest;
  /** The estimate of a recalled request at once: what was not counted is guessed from its bytes. */
  guess(request: RecalledRequest): TokenEstimate;
  /** Counts what was not counted: prompt tokens for the model at the upstream. Never calls the network, never rejects. */
  count(request: RecalledRequest): Promise<TokenEstimate>;
  /** Tokens of a text alone for `model`, for answers that came without usage. Never rejects. */
  countText(model: string, text: string): Promise<number>;
  /**
   * Takes note of what the upstream really charged for a request that was counted as `estimate`; nothing is learned
   * from a guess. Returns the estimate's error in percent of the charge (10: ten percent too high), or null when
   * `promptTokens` is no charge at all.
   */
  learn(model: string, estimate: TokenEstimate, promptTokens: number): number | null;
  /**
   * Takes note of what a request was charged as that is not counted: that is done when no answers come for a while.
   * Whatever is learned of a model is learned in the order of the calls of this and of `learn`.
   */
  learnLater(request: RecalledRequest, promptTokens: number): void;
  /**
   * Learns from the charges whose requests are counted and forgets the others, writes down what was learned and ends
   * the tokenizer's thread. Counts after it are guesses.
   */
  close(): Promise<void>;
}
