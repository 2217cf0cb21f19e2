import { pruneStep } from "../sqlite/prune-record.ts";
import type { RecordFile } from "../sqlite/record-file.ts";
import type { WriteStart, WriteTimes } from "./write-order.ts";

/** Between two steps, in milliseconds, so that what came meanwhile is written. */
const pauseMs = 20;
const dayMs = 24 * 60 * 60_000;
const megabyte = 1_000_000;

/** What may be written between two searches: a share of what the record may hold, in parts of it. */
const shareBetween = 50;

/** Takes out of the record what is too old or too much. */
export interface Pruning {
  /** So much was written; after enough of it the next search comes at once. */
  noteWritten(bytes: number): void;
  stop(): void;
}

interface PruningOptions extends Pick<WriteStart, "keepDays" | "maxMegabytes"> {
  file: RecordFile;
  times: WriteTimes;
}

/** Takes out of the record what is too old or too much, again and again, in small steps. */
export function createPruning({ file, keepDays, maxMegabytes, times }: PruningOptions): Pruning {
  let timer = setTimeout(prune, times.firstPruneMs);
  let writtenBytes = 0;
  let isAtWork = false;
  async function prune(): Promise<void> {
    isAtWork = true;
    writtenBytes = 0;
    let delayMs = times.pruneEveryMs;
    try {
      const limits = { oldestMs: Date.now() - keepDays * dayMs, maxBytes: maxMegabytes * megabyte };
      if (await file.use((database) => pruneStep(database, limits))) delayMs = pauseMs;
    } catch {
      // Whatever is wrong with the file keeps requests from being written too, and is said there.
    }
    isAtWork = delayMs === pauseMs;
    if (!isStopped) timer = setTimeout(prune, delayMs);
  }
  let isStopped = false;
  return {
    noteWritten(bytes) {
      writtenBytes += bytes;
      if (isAtWork || isStopped || writtenBytes < (maxMegabytes * megabyte) / shareBetween) return;
      clearTimeout(timer);
      void prune();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
