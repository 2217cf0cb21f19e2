/** One item to count. */
export interface TokenizerItem {
  kind: "text" | "document";
  content: string;
}

/**
 * A job for the tokenizer's thread. It is followed by `itemCount` messages, each the content of one item as a bare
 * string: Bun passes those without a copy, which for 2 MB takes 0.2 ms instead of 5.
 */
export interface TokenizerJob {
  id: number;
  itemCount: number;
  /** The indexes of the documents; the other items are texts. */
  documentIndexes: readonly number[];
}

/** The thread's answer: one count for each item in their order, or the reason why there is none. */
export type TokenizerResult = { id: number; counts: readonly number[] } | { id: number; error: string };

/** Counts texts and documents outside the serving thread. */
export interface Tokenizer {
  /** The thread runs, so that a count only costs the counting of new texts. */
  readonly isAwake: boolean;
  /** Tokens of each item in their order. Rejects if the thread cannot be started, ends, or cannot count them. */
  count(items: readonly TokenizerItem[]): Promise<readonly number[]>;
  /** Ends the thread. Pending counts reject, and so does every later one. */
  close(): void;
}

/** Pause after a failure, so that a thread that cannot run is not started for every request. */
const restartPauseMs = 60_000;

/** A start takes 5 ms; an overloaded machine is not waited for any longer. */
const longestStartMs = 250;

export interface TokenizerOptions {
  /** The thread's program; tests pass one that fails. */
  threadUrl?: URL;
  /** Milliseconds from any fixed moment. */
  now?: () => number;
  /**
   * Called before a thread is started: Bun ends the process if there is no descriptor for one. Default: it may start.
   */
  mayStart?: () => boolean;
}

/**
 * A tokenizer on a thread of its own, which the first count starts. If the thread fails, everything rejects for a
 * minute; the next count after that starts it again.
 */
export function createTokenizer(options: TokenizerOptions = {}): Tokenizer {
  const threadUrl = options.threadUrl ?? new URL("./tokenizer-worker.ts", import.meta.url);
  const now = options.now ?? performance.now.bind(performance);
  const mayStart = options.mayStart ?? (() => true);
  const jobs = new Map<number, PromiseWithResolvers<readonly number[]>>();
  let thread: Worker | null = null;
  let lastId = 0;
  /** Why no thread may be started, and until when. */
  let failure = { error: new Error(), until: Number.NEGATIVE_INFINITY };

  const fail = (reason: string, until: number): void => {
    failure = { error: new Error(reason), until };
    thread?.terminate();
    thread = null;
    for (const job of jobs.values()) job.reject(failure.error);
    jobs.clear();
  };

  const start = (): Worker => {
    if (!mayStart()) {
      fail("No descriptors are left for its thread.", now() + restartPauseMs);
      throw failure.error;
    }
    const started = new Worker(threadUrl);
    const failed = (reason: string): void => {
      if (started === thread) fail(reason, now() + restartPauseMs);
    };
    started.onerror = (event) => failed(reasonOf(event));
    started.addEventListener("close", () => failed("The tokenizer's thread ended."));
    started.onmessage = (event: MessageEvent<TokenizerResult>) => {
      const result = event.data;
      const job = jobs.get(result.id);
      if ("counts" in result) job?.resolve(result.counts);
      else job?.reject(new Error(result.error));
      jobs.delete(result.id);
      if (jobs.size === 0) started.unref();
    };
    waitForThread(started);
    return started;
  };

  return {
    get isAwake() {
      return thread !== null;
    },
    async count(items) {
      if (now() < failure.until) throw failure.error;
      thread ??= start();
      // The program may end while the thread is idle, but not while it counts.
      thread.ref();
      lastId += 1;
      const job = Promise.withResolvers<readonly number[]>();
      jobs.set(lastId, job);
      postJob(thread, lastId, items);
      return job.promise;
    },
    close: () => fail("The tokenizer is closed.", Number.POSITIVE_INFINITY),
  };
}

/**
 * Blocks until the thread has opened its first descriptors. Meanwhile this thread accepts no connections: a crowd of
 * them could take the last descriptors, and then Bun would end the process.
 */
function waitForThread(thread: Worker): void {
  const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  thread.postMessage(flag.buffer);
  Atomics.wait(flag, 0, 0, longestStartMs);
}

function postJob(thread: Worker, id: number, items: readonly TokenizerItem[]): void {
  const documentIndexes = [...items.keys()].filter((index) => items[index]?.kind === "document");
  thread.postMessage({ id, itemCount: items.length, documentIndexes } satisfies TokenizerJob);
  for (const { content } of items) thread.postMessage(content);
}

/** The message of Bun's event includes the source around the error: a page of noise in a minified program. */
function reasonOf({ message }: ErrorEvent): string {
  return message.match(/^[A-Za-z]+: .+$/m)?.[0] ?? message;
}
