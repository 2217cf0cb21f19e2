import type { SpendingCharge } from "../spending-charge.ts";
import type { RequestRow } from "../sqlite/write-requests.ts";

/** A request as it is written, with no key in it. */
export interface PackedEntry extends RequestRow {
  /** What it adds to the counters of a shared record. */
  readonly charges: readonly SpendingCharge[];
}

/** Where requests are written to. */
export interface RecordSink {
  /**
   * Takes requests over: a kill does not lose them any more. Rejects if that cannot be done for now; it may be tried
   * again with the same ones.
   * @returns how many are never taken, whatever happens
   */
  write(entries: readonly PackedEntry[]): Promise<number>;
  /** Why requests were not taken, in a sentence or two; null if that is no fault but passes in a moment. */
  describeFault(error: unknown, failures: number): string | null;
  close(): Promise<void>;
}
