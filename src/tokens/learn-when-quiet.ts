import type { ChatRequest } from "../openai/chat-request.ts";

export interface QuietLearning {
  /** Keeps what a request was charged as, the last one of each model, until it is quiet. */
  note(chatRequest: ChatRequest, promptTokens: number): void;
  /** Forgets what is kept. */
  stop(): void;
}

/**
 * Hands charges to `learn` once none came for `quietMs`. Counting loads the tokenizer's table and costs more than all
 * else of a request, so it is not done beside requests that need no count, but in the pause behind them: when a
 * count is asked for, the model's factor is known.
 */
export function createQuietLearning(
  learn: (chatRequest: ChatRequest, promptTokens: number) => Promise<void>,
  quietMs: number,
): QuietLearning {
  const charges = new Map<string, { chatRequest: ChatRequest; promptTokens: number }>();
  let timer: Timer | null = null;

  const stop = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    charges.clear();
  };
  const learnAll = async () => {
    const kept = [...charges.values()];
    stop();
    for (const { chatRequest, promptTokens } of kept) await learn(chatRequest, promptTokens);
  };

  return {
    note(chatRequest, promptTokens) {
      charges.set(chatRequest.model, { chatRequest, promptTokens });
      if (timer === null) timer = setTimeout(learnAll, quietMs).unref();
      else timer.refresh();
    },
    stop,
  };
}
