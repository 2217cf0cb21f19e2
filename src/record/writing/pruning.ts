import type { Database } from "bun:sqlite";
import { logBytes } from "../sqlite/open-record-file.ts";
import { deleteExcess, pruneStep } from "../sqlite/prune-record.ts";
import type { RecordFile } from "../sqlite/record-file.ts";
import type { WriteStart, WriteTimes } from "./write-order.ts";

/** Between two steps, in milliseconds, so that what came meanwhile is written. */
const pauseMs = 20;
const dayMs = 24 * 60 * 60_000;
const megabyte = 1_000_000;

/** What may be written between two looks at the size: so much, or a share of what the record may hold, in parts of it. */
const lookBytes = megabyte;
const shareBetween = 50;
/** Steps that are made at once after a write. More are needed only where the limit was lowered, and come with pauses. */
const stepsAtOnce = 4;

/** Takes out of the record what is too old or too much. */
export interface Pruning {
  /** So much was written: makes room for as much if the record is full. */
  noteWritten(database: Database, bytes: number): void;
  stop(): void;
}

interface PruningOptions extends Pick<WriteStart, "keepDays" | "maxMegabytes"> {
  file: RecordFile;
  times: WriteTimes;
}

/** Takes out of the record what is too old or too much, again and again, in small steps. */
export function createPruning({ file, keepDays, maxMegabytes, times }: PruningOptions): Pruning {
  const limitBytes = maxMegabytes * megabyte;
  // The log beside the file counts, too.
  const maxBytes = limitBytes - Math.min(logBytes, limitBytes / 2);
  const betweenBytes = Math.min(lookBytes, limitBytes / shareBetween);
  let timer = setTimeout(prune, times.firstPruneMs);
  let writtenBytes = 0;
  let isAtWork = false;
  let isStopped = false;
  async function prune(): Promise<void> {
    isAtWork = true;
    let delayMs = times.pruneEveryMs;
    try {
      const limits = { oldestMs: Date.now() - keepDays * dayMs, maxBytes };
      if (await file.use((database) => pruneStep(database, limits))) delayMs = pauseMs;
    } catch {
      // Whatever is wrong with the file keeps requests from being written too, and is said there.
    }
    isAtWork = delayMs === pauseMs;
    if (!isStopped) timer = setTimeout(prune, delayMs);
  }
  return {
    noteWritten(database, bytes) {
      writtenBytes += bytes;
      if (writtenBytes < betweenBytes) return;
      writtenBytes = 0;
      if (makeRoom(database, maxBytes) || isAtWork || isStopped) return;
      clearTimeout(timer);
      timer = setTimeout(prune, pauseMs);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Whether the record is within its limit now, or nothing can be done about it. */
function makeRoom(database: Database, maxBytes: number): boolean {
  try {
    for (let step = 0; step < stepsAtOnce; step += 1) if (!deleteExcess(database, maxBytes)) return true;
    return false;
  } catch {
    // What was written is written. A fault of the file is said with the next requests.
    return true;
  }
}
