import type { RowQueue } from "./spool-file.ts";
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
    read(limits) {
      let readBytes = 0;
      const end = rows.findIndex((row, at) => {
        readBytes += countRowBytes(row);
        return at >= limits.requests || (at > 0 && readBytes > limits.bytes);
      });
      // Never the list itself: what is added while these are sent would count as sent, too.
      return rows.slice(0, end === -1 ? rows.length : end);
    },
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
