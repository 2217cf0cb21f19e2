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
 * Most requests need no count: the upstream tells what it charged, and until then a guess by what was learned will
 * do. So the tokenizer is not loaded for them; once it is (for a `count_tokens`, an answer without usage, or in the
 * first pause, to learn from the answers before it), requests are counted as they come.
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
    get told() {
      return counted ?? guess;
    },
  };
}
