import type { RequestPart } from "../tokens/request-part.ts";
import type { RecalledRequest, TokenCounter, TokenEstimate } from "../tokens/token-counter.ts";

/** What is known of a request's prompt tokens before the upstream tells what it charged. */
export interface InputEstimate {
  /** Looks up what was counted before, and begins to count the rest where that needs nothing but the text. */
  begin(): void;
  /** The count if there is one by now, else a guess. */
  now(): TokenEstimate;
  /** The count, which is begun when it has not been. */
  count(): Promise<TokenEstimate>;
  /**
   * Takes note of what the request was charged as. Returns the error of the estimate in percent of the charge, or null
   * when `promptTokens` is no charge at all.
   */
  learn(promptTokens: number): number | null;
}

/** A request that nobody has looked at to count it. */
export interface UncountedRequest {
  model: string;
  /** Holds the request. */
  listParts: () => RequestPart[];
}

/**
 * What is new in a request is counted while its upstream thinks, on the tokenizer's thread, once that is awake: the
 * head of the message then has the count. Before that a guess has to do, by what was learned: loading the table takes
 * 90 MB and a quarter of a second, so it waits for the first pause, or for an answer without usage.
 */
export function createInputEstimate(tokens: TokenCounter, asked: UncountedRequest): InputEstimate {
  /** The request is let go once it is looked up: what was counted before need not be held beside a stream. */
  let request: { unread: UncountedRequest } | { recalled: RecalledRequest } = { unread: asked };
  let counting: Promise<TokenEstimate> | null = null;
  let counted: TokenEstimate | null = null;
  let guess: TokenEstimate | null = null;

  const recall = (): RecalledRequest => {
    if ("unread" in request) {
      const { model, listParts } = request.unread;
      request = { recalled: tokens.recall(model, listParts()) };
    }
    return request.recalled;
  };
  const now = (): TokenEstimate => {
    if (counted !== null) return counted;
    guess ??= tokens.guess(recall());
    return guess;
  };
  const count = (): Promise<TokenEstimate> => {
    counting ??= tokens.count(recall()).then((estimate) => {
      counted = estimate;
      return estimate;
    });
    return counting;
  };

  return {
    begin() {
      if (now().isGuess && tokens.isAwake) void count();
    },
    now,
    count,
    learn(promptTokens) {
      const estimate = now();
      if (estimate.isGuess) tokens.learnLater(recall(), promptTokens);
      return tokens.learn(recall().model, estimate, promptTokens);
    },
  };
}
