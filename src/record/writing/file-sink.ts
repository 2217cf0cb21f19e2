import { describeFault, isLocked } from "../sqlite/describe-fault.ts";
import { createRecordFile } from "../sqlite/record-file.ts";
import { createPruning } from "./pruning.ts";
import type { RecordSink } from "./record-sink.ts";
import type { WriteStart } from "./write-order.ts";
import { writePieces } from "./write-pieces.ts";

/** Creates the sink of a record in a file; nothing is opened yet. */
export function createFileSink(
  path: string,
  { keepDays, maxMegabytes, times }: WriteStart,
  warn: (message: string, cause: unknown) => void,
): RecordSink {
  const file = createRecordFile({ path, warn });
  const pruning = createPruning({ file, keepDays, maxMegabytes, times });
  return {
    write: (entries) => file.use((database) => writePieces(database, entries, pruning.noteWritten)),
    // Two processes that begin at once keep each other waiting for a moment, which is no fault.
    describeFault: (error, failures) =>
      failures > 1 || !isLocked(error) ? describeFault(error, path) : null,
    async close() {
      pruning.stop();
      file.close();
    },
  };
}
