import type { RecalledParts } from "./part-counter.ts";
import type { RequestPart } from "./request-part.ts";

/** The estimate for a request. It is passed to `learn` once the upstream has reported what it charged. */
export interface TokenEstimate {
  /** Prompt tokens the upstream is expected to charge: the number shown to people and clients. */
  tokens: number;
  /** The same before the model's factor is applied. */
  rawTokens: number;
  /** True if a part of it is guessed from its bytes. */
  isGuess: boolean;
}

/** A request with the counts that were known before. The request itself is not needed any more. */
export interface RecalledRequest extends RecalledParts {
  model: string;
}

/** Counts what a request will be charged, and learns from what it was charged. */
export interface TokenCounter {
  /**
   * The tokenizer runs, so that a count only costs the counting of new texts. Otherwise it first loads a table of 90
   * MB.
   */
  readonly isAwake: boolean;
  /** Counts the parts of a request for its model: `recall` and `count`. Never rejects. */
  countParts(model: string, parts: readonly RequestPart[]): Promise<TokenEstimate>;
  /** Looks up which of a request's parts were counted before. Never starts the tokenizer. */
  recall(model: string, parts: readonly RequestPart[]): RecalledRequest;
  /** The estimate of a recalled request at once: uncounted parts are guessed from their bytes. */
  guess(request: RecalledRequest): TokenEstimate;
  /**
   * Counts the uncounted parts, and returns the prompt tokens for the model at the upstream. Never uses the network,
   * never rejects.
   */
  count(request: RecalledRequest): Promise<TokenEstimate>;
  /** Tokens of a text alone for `model`, for answers that came without usage. Never rejects. */
  countText(model: string, text: string): Promise<number>;
  /**
   * Learns what the upstream really charged for a request that was counted as `estimate`; nothing is learned from a
   * guess. Returns the estimate's error in percent of the charge (10: ten percent too high), or null if `promptTokens`
   * is not a real charge.
   */
  learn(model: string, estimate: TokenEstimate, promptTokens: number): number | null;
  /**
   * Notes the charge of a request that is not counted yet: it is counted when no answers come for a while. What is
   * learned of a model is learned in the order of the calls of this and of `learn`.
   */
  learnLater(request: RecalledRequest, promptTokens: number): void;
  /**
   * Learns from the charges whose requests are counted and drops the others, saves what was learned and ends the
   * tokenizer's thread, for all upstreams. Later counts are guesses.
   */
  close(): Promise<void>;
  /** Takes over what others have learned, by the names of the calibration file, for all upstreams. */
  adoptFactors(factors: ReadonlyMap<string, number>): void;
  /** The counter for another upstream, `host[:port]`, with the same tokenizer and the same file. */
  at(upstreamHost: string): TokenCounter;
}
