import type { RecordReader } from "./record-reader.ts";
import type { BodiesMode } from "./writing/select-kept.ts";
import type { WritePlace, WriteTimes } from "./writing/write-order.ts";

/** In milliseconds. */
export interface RecorderTimes extends WriteTimes {
  /** What has come is given to the thread after this. */
  readonly flushMs: number;
  /** Losses are said at most once in this time. */
  readonly sayMs: number;
  /** How long the end waits for what is left to be written. */
  readonly closeMs: number;
  /** Before a thread that has ended by itself is started again. */
  readonly restartMs: number;
}

/** Those of a real proxy. */
export const usualTimes: RecorderTimes = {
  flushMs: 100,
  sayMs: 60_000,
  closeMs: 2_000,
  restartMs: 1_000,
  retryMs: 100,
  sendMs: 10_000,
  restMs: 150,
  adoptEveryMs: 30_000,
  firstPruneMs: 10_000,
  pruneEveryMs: 10 * 60_000,
};

/** What waits on the disk of a machine that ends for good is lost with it: it gets longer to be sent. */
export const sharedCloseMs = 5_000;

export interface RecorderOptions {
  readonly place: WritePlace;
  readonly bodies: BodiesMode;
  readonly keepDays: number;
  readonly maxMegabytes: number;
  /** Values that may appear in nothing that is written. */
  readonly secrets: readonly string[];
  /** Says, in a sentence, what the user must know. */
  readonly warn: (message: string, cause: unknown) => void;
  /** Opens the reader when it is first asked for. */
  readonly openReader: () => RecordReader;
  /** Asked before a thread is started: Bun ends the process if there is no descriptor for one. Default: it may. */
  readonly mayStart?: () => boolean;
  /** Shorter ones, for tests. */
  readonly times?: Partial<RecorderTimes>;
  /** The thread's program; tests pass one that fails. */
  readonly threadUrl?: URL;
}
