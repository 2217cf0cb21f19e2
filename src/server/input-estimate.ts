import type { ChatRequest } from "../openai/chat-request.ts";
import type { TokenCounter, TokenEstimate } from "../tokens/token-counter.ts";

/** What is known of a request's prompt tokens before the upstream tells what it charged. */
export interface InputEstimate {
  /** The count if there is one by now, else a guess. */
  now(): TokenEstimate;
  /** The count, which is begun when it has not been. */
  count(): Promise<TokenEstimate>;
  /** What was told so far: the count, else the guess, else null. */
  readonly told: TokenEstimate | null;
}

/**
 * Most requests need no count: the upstream tells what it charged, and until then a guess does, by what was counted
 * and learned before. What is new is counted in the next pause, and beside a request only for an answer without
 * usage: counting every request would add a third to it.
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

  return {
    now() {
      guess ??= counted ?? tokens.guessChatRequest(chatRequest);
      return counted ?? guess;
    },
    count,
    get told() {
      return counted ?? guess;
    },
  };
}
