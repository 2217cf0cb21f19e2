import type { BuiltRequest } from "../protocols/protocol.ts";
import type { RequestPart } from "../tokens/request-part.ts";
import type { RecalledRequest, TokenCounter, TokenEstimate } from "../tokens/token-counter.ts";

/** What is known of a request's prompt tokens before the upstream reports what it charged. */
export interface InputEstimate {
  /** Looks up texts that were counted before, and begins to count the rest if that needs nothing but the text. */
  begin(): void;
  /** The count if there is one already, else a guess. */
  now(): TokenEstimate;
  /** The count; starts it if necessary. */
  count(): Promise<TokenEstimate>;
  /**
   * Learns what the request was charged. Returns the error of the estimate in percent of the charge, or null if
   * `promptTokens` is not a real charge.
   */
  learn(promptTokens: number): number | null;
}

/** A request whose texts have not been looked up yet. */
export interface UncountedRequest {
  model: string;
  /** Holds the request in memory. */
  listParts: () => RequestPart[];
}

/**
 * The request in the form in which it is counted. This is a function of its own, because any other function created beside
 * `listParts` would keep the request alive for as long as the answer lasts.
 */
export function uncountedRequest<Body extends object>(
  { listParts }: { listParts: (body: Body) => RequestPart[] },
  { body, plan }: BuiltRequest<Body>,
): UncountedRequest {
  return { model: plan.model, listParts: () => listParts(body) };
}

/**
 * Creates an estimate. Once the tokenizer's thread runs, it counts the new texts of a request while the upstream works,
 * so that the head of the message has the count. Before that a guess has to do, based on what was learned: loading the
 * table takes 90 MB and a quarter of a second, so it waits for the first pause, or for an answer without usage.
 */
export function createInputEstimate(tokens: TokenCounter, asked: UncountedRequest): InputEstimate {
  /**
   * The request is released once it was looked up: texts that were counted before need not stay in memory beside a
   * stream.
   */
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
