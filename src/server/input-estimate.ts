import type { ChatRequest } from "../openai/chat-request.ts";
import type { RecalledRequest, TokenCounter, TokenEstimate } from "../tokens/token-counter.ts";

/** What is known of a request's prompt tokens before the upstream tells what it charged. */
export interface InputEstimate {
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

/**
 * Most requests need no count: the upstream tells what it charged, and until then a guess does, by what was counted
 * and learned before. What is new is counted in the next pause, and beside a request only for an answer without
 * usage: counting every request would add a third to it.
 */
export function createInputEstimate(tokens: TokenCounter, chatRequest: ChatRequest): InputEstimate {
  /** The request is let go once it is looked up: what was counted before need not be held beside a stream. */
  let request: { unread: ChatRequest } | { recalled: RecalledRequest } = { unread: chatRequest };
  let counting: Promise<TokenEstimate> | null = null;
  let counted: TokenEstimate | null = null;
  let guess: TokenEstimate | null = null;

  const recall = (): RecalledRequest => {
    if ("unread" in request) request = { recalled: tokens.recall(request.unread) };
    return request.recalled;
  };
  const now = (): TokenEstimate => {
    if (counted !== null) return counted;
    guess ??= tokens.guess(recall());
    return guess;
  };

  return {
    now,
    count() {
      counting ??= tokens.count(recall()).then((estimate) => {
        counted = estimate;
        return estimate;
      });
      return counting;
    },
    learn(promptTokens) {
      const estimate = now();
      if (estimate.isGuess) tokens.learnLater(recall(), promptTokens);
      return tokens.learn(recall().model, estimate, promptTokens);
    },
  };
}
