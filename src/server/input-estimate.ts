import type { ChatRequest } from "../openai/chat-request.ts";
import type { TokenCounter, TokenEstimate } from "../tokens/token-counter.ts";

/** What is known of a request's prompt tokens before the upstream tells what it charged. */
export interface InputEstimate {
  /** The count if there is one by now, else a guess. */
  now(): TokenEstimate;
  /** The count, which is begun when it has not been. */
  count(): Promise<TokenEstimate>;
  /** The count, or null while there is none. */
  readonly counted: TokenEstimate | null;
}

/**
 * Most requests need no count: the upstream tells what it charged, and until then a guess will do. So requests
 * are counted only once something had to be, a `count_tokens` or an answer without usage: the tokenizer is loaded
 * then, and the calibration that every count teaches is of use to somebody.
 */
export function createInputEstimate(tokens: TokenCounter, chatRequest: ChatRequest): InputEstimate {
  let counting: Promise<TokenEstimate> | null = null;
  let counted: TokenEstimate | null = null;
  let guess: TokenEstimate | null = null;

  const count = (): Promise<TokenEstimate> => {
    counting ??= tokens.countChatRequest(chatRequest).then((estimate) => {
      counted = estimate;
      return estimate;
    });
    return counting;
  };
  if (tokens.isAwake) void count();

  return {
    now() {
      guess ??= counted ?? tokens.guessChatRequest(chatRequest);
      return counted ?? guess;
    },
    count,
    get counted() {
      return counted;
    },
  };
}
