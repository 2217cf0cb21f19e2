import type { ReadMessage, ReadQuestion, ReadReply } from "./read-question.ts";
import type { RecordPlace } from "./record-place.ts";
import { RecordReadError } from "./record-read-error.ts";
import type { ReadNote, RecordReader } from "./record-reader.ts";

/** So long the thread lives without a question. */
const idleMs = 60_000;

interface Waiting {
  /** The types of answers follow from the questions: the thread answers each with its own. */
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly note: ReadNote | undefined;
}

/**
 * Creates a reader whose work is done in another thread, so that a server goes on meanwhile. The thread is started with
 * the first question, and ended after `idleMs` without one. Errors are those of `openRecordReader`.
 */
export function createRemoteReader(place: RecordPlace, { restMs = idleMs } = {}): RecordReader {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let timer: Timer | null = null;
  let lastId = 0;

  const end = (reason: Error) => {
    worker?.terminate();
    worker = null;
    if (timer !== null) clearTimeout(timer);
    timer = null;
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
  };

  const rest = () => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => {
      if (waiting.size > 0) rest();
      else end(new Error("The reader of the record rests."));
    }, restMs);
    timer.unref();
  };

  const start = (): Worker => {
    const started = new Worker(new URL("./read-worker.ts", import.meta.url));
    // The program does not stay for it.
    started.unref();
    started.onmessage = ({ data }: MessageEvent<ReadReply>) => settle(waiting, data);
    started.onerror = ({ message }) => {
      if (worker === started) end(new Error(`The reader of the record failed: ${message}`));
    };
    started.postMessage({ place } satisfies ReadMessage);
    return started;
  };

  const ask = <Value>(question: ReadQuestion, note?: ReadNote): Promise<Value> =>
    new Promise((resolve, reject) => {
      worker ??= start();
      rest();
      lastId += 1;
      waiting.set(lastId, { resolve, reject, note });
      worker.postMessage({ id: lastId, question } satisfies ReadMessage);
    });

  return {
    list: (query, note) => ask({ ask: "list", query }, note),
    find: (query) => ask({ ask: "find", query }),
    sum: (query, note) => ask({ ask: "sum", query }, note),
    sessions: (query, note) => ask({ ask: "sessions", query }, note),
    spent: (query) => ask({ ask: "spent", query }),
    async close() {
      end(new Error("The reader of the record was closed."));
    },
  };
}

function settle(waiting: Map<number, Waiting>, reply: ReadReply): void {
  const asked = waiting.get(reply.id);
  if (asked === undefined) return;
  if ("note" in reply) {
    asked.note?.(reply.note);
    return;
  }
  waiting.delete(reply.id);
  if ("value" in reply) asked.resolve(reply.value as never);
  else asked.reject(reply.isKnown ? new RecordReadError(reply.error) : new Error(reply.error));
}
