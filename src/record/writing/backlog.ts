import { countHeldBytes } from "./select-kept.ts";
import type { WriteEntry } from "./write-order.ts";

/** What may wait to be written. Beyond it bodies are left out first, then whole requests. */
const most = { requests: 10_000, bodyBytes: 64_000_000 };
/** What is given to the thread at once: more would take it longer than a moment. */
const mostOfBatch = { requests: 400, bodyBytes: 8_000_000 };

/** What could not be taken: the request, only its bodies, or nothing. */
export type Lost = "request" | "bodies" | null;

/** The requests that are not in the file yet, from the oldest to the newest. */
export interface Backlog {
  /** Requests that wait, those of the batch in work included. */
  readonly length: number;
  /** Those that are not in work. */
  readonly waiting: number;
  /** Enough waits for a whole batch. */
  readonly isBatchFull: boolean;
  /** The batch that is in work; null if there is none. */
  readonly batch: readonly WriteEntry[] | null;
  add(entry: WriteEntry): Lost;
  /** Puts the oldest of those that wait into work; null if there are none. */
  takeBatch(): readonly WriteEntry[] | null;
  /** The batch is done with. */
  finishBatch(): void;
}

/** Creates an empty backlog. */
export function createBacklog(): Backlog {
  let waiting: { entry: WriteEntry; bytes: number }[] = [];
  let waitingBytes = 0;
  let batch: readonly WriteEntry[] | null = null;
  let batchBytes = 0;
  const countAll = () => waiting.length + (batch?.length ?? 0);

  return {
    get length() {
      return countAll();
    },
    get waiting() {
      return waiting.length;
    },
    get isBatchFull() {
      return waiting.length >= mostOfBatch.requests || waitingBytes >= mostOfBatch.bodyBytes;
    },
    get batch() {
      return batch;
    },
    add(entry) {
      if (countAll() >= most.requests) return "request";
      const bytes = countHeldBytes(entry);
      const isTooMuch = bytes > 0 && batchBytes + waitingBytes + bytes > most.bodyBytes;
      if (isTooMuch) waiting.push({ entry: { ...entry, bodies: [], sent: null }, bytes: 0 });
      else waiting.push({ entry, bytes });
      if (!isTooMuch) waitingBytes += bytes;
      // Without what is only compared nothing is missing in the file.
      return isTooMuch && entry.bodies.length > 0 ? "bodies" : null;
    },
    takeBatch() {
      if (waiting.length === 0) return null;
      let count = 0;
      batchBytes = 0;
      for (const { bytes } of waiting.slice(0, mostOfBatch.requests)) {
        if (count > 0 && batchBytes + bytes > mostOfBatch.bodyBytes) break;
        batchBytes += bytes;
        count += 1;
      }
      batch = waiting.slice(0, count).map(({ entry }) => entry);
      waiting = waiting.slice(count);
      waitingBytes -= batchBytes;
      return batch;
    },
    finishBatch() {
      batch = null;
      batchBytes = 0;
    },
  };
}
