/** One thing to be counted. */
export interface TokenizerItem {
  kind: "text" | "document";
  content: string;
}

/** What the tokenizer's thread is asked. */
export interface TokenizerJob {
  id: number;
  items: readonly TokenizerItem[];
}

/** What it answers: one count for each item, in their order. */
export interface TokenizerResult {
  id: number;
  counts: readonly number[];
}

/** Counts texts and documents beside the thread that serves. */
export interface Tokenizer {
  /** Tokens of each item in their order. Rejects when the thread cannot be started or ends. */
  count(items: readonly TokenizerItem[]): Promise<readonly number[]>;
  /** Ends the thread. Counts that are under way reject. */
  close(): void;
}

interface Job {
  resolve(counts: readonly number[]): void;
  reject(error: Error): void;
}

/**
 * A tokenizer on a thread of its own, started by the first count. After the thread has failed the next count
 * starts another one.
 */
export function createTokenizer(): Tokenizer {
  const jobs = new Map<number, Job>();
  let worker: Worker | null = null;
  let isClosed = false;
  let lastId = 0;

  const end = (reason: string): void => {
    worker?.terminate();
    worker = null;
    for (const job of jobs.values()) job.reject(new Error(reason));
    jobs.clear();
  };

  const start = (): Worker => {
    const started = new Worker(new URL("./tokenizer-worker.ts", import.meta.url));
    // A program that has nothing else to do may end.
    started.unref();
    started.onmessage = (event: MessageEvent<TokenizerResult>) => {
      jobs.get(event.data.id)?.resolve(event.data.counts);
      jobs.delete(event.data.id);
    };
    started.onerror = (event) => {
      if (started === worker) end(event.message);
    };
    started.addEventListener("close", () => {
      if (started === worker) end("The tokenizer's thread ended.");
    });
    return started;
  };

  return {
    count(items) {
      if (isClosed) return Promise.reject(new Error("The tokenizer is closed."));
      return new Promise((resolve, reject) => {
        worker ??= start();
        lastId += 1;
        jobs.set(lastId, { resolve, reject });
        worker.postMessage({ id: lastId, items } satisfies TokenizerJob);
      });
    },
    close() {
      isClosed = true;
      end("The tokenizer is closed.");
    },
  };
}
