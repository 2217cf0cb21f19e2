import { countDocumentTokens } from "./count-document-tokens.ts";
import { countTextTokens } from "./count-text-tokens.ts";
import type { TokenizerItem, TokenizerJob, TokenizerResult } from "./tokenizer.ts";

/**
 * The tokenizer's thread: a second entry point of the compiled program. Jobs take turns, so that a request of
 * many megabytes does not hold up the small ones that come after it.
 */
declare const self: Worker;

interface RunningJob {
  id: number;
  steps: Generator<void, number[]>;
}

const queue: RunningJob[] = [];

self.onmessage = (event: MessageEvent<TokenizerJob>) => {
  const { id, items } = event.data;
  queue.push({ id, steps: countItems(items) });
  if (queue.length === 1) setImmediate(runOneStep);
};

/** Moves the first job on; it leaves the queue when it is done and goes to its end when it is not. */
function runOneStep(): void {
  const job = queue[0];
  if (job === undefined) return;
  const result = step(job);
  queue.shift();
  if (result === null) queue.push(job);
  else self.postMessage(result);
  // Between two steps the messages that came in meanwhile are heard.
  if (queue.length > 0) setImmediate(runOneStep);
}

function step({ id, steps }: RunningJob): TokenizerResult | null {
  try {
    const { done, value } = steps.next();
    return done ? { id, counts: value } : null;
  } catch (error) {
    return { id, error: String(error) };
  }
}

function* countItems(items: readonly TokenizerItem[]): Generator<void, number[]> {
  const counts: number[] = [];
  for (const { kind, content } of items) {
    counts.push(kind === "document" ? countDocumentTokens(content) : yield* countTextTokens(content));
  }
  return counts;
}
