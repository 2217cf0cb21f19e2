import { type RowQueue, takeOldest } from "./row-queue.ts";
import { countRowBytes, type SpooledRow } from "./spooled-row.ts";

/** Creates a queue for rows that no disk takes: a kill loses them. */
export function createMemoryQueue(): RowQueue {
  let rows: SpooledRow[] = [];
  let bytes = 0;
  return {
    get count() {
      return rows.length;
    },
    get bytes() {
      return bytes;
    },
    append(more) {
      rows.push(...more);
      for (const row of more) bytes += countRowBytes(row);
    },
    read: (limits) => takeOldest(rows, limits),
    forget(count) {
      for (const row of rows.slice(0, count)) bytes -= countRowBytes(row);
      rows = rows.slice(count);
    },
    close() {
      rows = [];
      bytes = 0;
    },
  };
}
