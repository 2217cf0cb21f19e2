import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { startPolling } from "./poll.ts";

/** The last answer to a question that is asked again and again. */
export interface Polled<Answer> {
  /** Null until there is one. */
  readonly answer: Answer | null;
  /** Why there is no newer one; null while all is well. */
  readonly fault: string | null;
}

/**
 * Asks while the view is shown and the page is seen, so long after each answer. Another `question` begins anew; `ask` is
 * the one that was given with it.
 */
export function usePolled<Answer>(
  question: string,
  ask: (signal: AbortSignal) => Promise<Answer>,
  pauseMs: number,
): Polled<Answer> {
  const polled = useSignal<Polled<Answer> & { readonly question: string }>({
    question,
    answer: null,
    fault: null,
  });
  useEffect(() => {
    const call = async (ended: AbortSignal): Promise<void> => {
      try {
        polled.value = { question, answer: await ask(ended), fault: null };
      } catch (thrown) {
        if (ended.aborted) return;
        const { answer } = polled.value.question === question ? polled.value : { answer: null };
        polled.value = { question, answer, fault: thrown instanceof Error ? thrown.message : String(thrown) };
      }
    };
    return startPolling(call, pauseMs);
  }, [question, pauseMs]);
  return polled.value.question === question ? polled.value : { answer: null, fault: null };
}
