import { countDocumentTokens } from "./count-document-tokens.ts";
import { createTextCounter } from "./create-text-counter.ts";
import type { TokenizerJob, TokenizerResult } from "./tokenizer.ts";

interface RunningJob {
  id: number;
  steps: Generator<void, number[]>;
}

/** How long one job runs before the next has its turn. */
const stepMs = 5;

/**
 * Runs what the tokenizer's thread is asked. Jobs take turns, so that a request of many megabytes does not hold up
 * the small ones that come after it. Importing this file loads the table.
 * @param answer is given the result of each job
 * @returns takes the messages of `TokenizerJob` in their order
 */
export function createJobRunner(
  answer: (result: TokenizerResult) => void,
): (message: TokenizerJob | string) => void {
  const countText = createTextCounter();
  const queue: RunningJob[] = [];
  /** The job whose contents are coming in. */
  let arriving: { job: TokenizerJob; contents: string[] } | null = null;

  /** Moves the first job on; it leaves the queue when it is done and goes to its end when it is not. */
  function runOneStep(): void {
    const job = queue[0];
    if (job === undefined) return;
    const result = step(job);
    queue.shift();
    if (result === null) queue.push(job);
    else answer(result);
    // Between two steps the messages that came in meanwhile are heard.
    if (queue.length > 0) setImmediate(runOneStep);
  }

  function* countContents(
    contents: readonly string[],
    documents: ReadonlySet<number>,
  ): Generator<void, number[]> {
    const counts: number[] = [];
    for (const [index, content] of contents.entries()) {
      counts.push(documents.has(index) ? countDocumentTokens(content) : yield* countText(content));
      yield;
    }
    return counts;
  }

  return (message) => {
    if (typeof message !== "string") arriving = { job: message, contents: [] };
    else arriving?.contents.push(message);
    if (arriving === null || arriving.contents.length < arriving.job.itemCount) return;
    const { job, contents } = arriving;
    arriving = null;
    queue.push({ id: job.id, steps: countContents(contents, new Set(job.documentIndexes)) });
    if (queue.length === 1) setImmediate(runOneStep);
  };
}

function step({ id, steps }: RunningJob): TokenizerResult | null {
  const end = performance.now() + stepMs;
  try {
    do {
      const { done, value } = steps.next();
      if (done) return { id, counts: value };
    } while (performance.now() < end);
    return null;
  } catch (error) {
    return { id, error: String(error) };
  }
}
