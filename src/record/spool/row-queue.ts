import { countRowBytes, type SpooledRow } from "./spooled-row.ts";

/** How much is taken at once. */
export interface BatchLimits {
  readonly requests: number;
  readonly bytes: number;
}

/** Rows that wait, oldest first, on the disk or in memory. */
export interface RowQueue {
  readonly count: number;
  readonly bytes: number;
  append(rows: readonly SpooledRow[]): void;
  /** The oldest rows: at least one if there are any. */
  read(limits: BatchLimits): readonly SpooledRow[];
  /** So many of the oldest are not needed any more. */
  forget(count: number): void;
  /** Leaves what still waits where it is, if it is on the disk. */
  close(): void;
}

/** How many of the oldest rows are within the limits, by their sizes: at least one if there are any. */
export function countOldest(sizes: readonly number[], limits: BatchLimits): number {
  let bytes = 0;
  const end = sizes.findIndex((size, at) => {
    bytes += size;
    return at >= limits.requests || (at > 0 && bytes > limits.bytes);
  });
  return end === -1 ? sizes.length : end;
}

/** The oldest of the rows; never the list itself, to which rows may be added meanwhile. */
export function takeOldest(rows: readonly SpooledRow[], limits: BatchLimits): readonly SpooledRow[] {
  return rows.slice(0, countOldest(rows.map(countRowBytes), limits));
}
