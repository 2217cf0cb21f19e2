import { countDocumentTokens } from "./count-document-tokens.ts";
import { createTextCounter } from "./create-text-counter.ts";
import type { TokenizerJob, TokenizerResult } from "./tokenizer.ts";

interface RunningJob {
  id: number;
  steps: Generator<void, number[]>;
}

/** How long one job runs before it is the next job's turn. */
const stepMs = 5;

/**
 * Runs the jobs of the tokenizer's thread. Jobs take turns, so that a request of many megabytes does not hold up the
 * small ones that come after it. Importing this file loads the table.
 * @param answer receives the result of each job
 * @returns a function that takes the messages of `TokenizerJob` in their order
 */
export function createJobRunner(
  answer: (result: TokenizerResult) => void,
): (message: TokenizerJob | string) => void {
  const countText = createTextCounter();
  const queue: RunningJob[] = [];
  /** The job whose contents are still arriving. */
  let arriving: { job: TokenizerJob; contents: string[] } | null = null;

  /** Runs one step of the first job. A finished job leaves the queue, any other goes to its end. */
  function runOneStep(): void {
    const job = queue[0];
    if (job === undefined) return;
    const result = step(job);
    queue.shift();
    if (result === null) queue.push(job);
    else answer(result);
    // Messages that arrived meanwhile are received between two steps.
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
