import type { KeptBody } from "./bodies/body-keeper.ts";
import type { RecordReader } from "./record-reader.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import type { SpendingCharge } from "./spending-charge.ts";

/** How it stands with the record. */
export interface RecorderState {
  /** Absolute path of the file; of a shared record, host, port and database. */
  readonly path: string;
  /** Requests that are not written yet. Those that wait for a shared record on the disk are not counted here. */
  readonly backlog: number;
  /** Requests, or their bodies, that could not be written since the start. */
  readonly lost: number;
  /** Why the last of them could not, in one sentence; null while all is well. */
  readonly fault: string | null;
  /** Of a record that several instances share; null for a file. */
  readonly shared: SharedRecordState | null;
}

/** How it stands with the way to a shared record. */
export interface SharedRecordState {
  /** Requests that wait, on this machine's disk or in memory, until the database has them. */
  readonly spooled: number;
  /** Since when the database takes nothing: milliseconds since 1970; null while it does. */
  readonly awaySinceMs: number | null;
}

/** Writes what was recorded, behind the answers: no request waits for it, and none fails with it. */
export interface Recorder {
  readonly state: RecorderState;
  /**
   * Takes over the bodies: nobody may change them afterwards. Never throws. `secrets` are values of this request's caller
   * that may appear in nothing that is written of it, `charges` what it adds to the counters of a shared record; left
   * out, there are none.
   */
  add(
    request: RecordedRequest,
    bodies: readonly KeptBody[],
    secrets?: readonly string[],
    charges?: readonly SpendingCharge[],
  ): void;
  /** Adds values that may appear in nothing that is written from now on. */
  addSecrets(secrets: readonly string[]): void;
  /** Reads beside the writing, and keeps nobody from his work; the same reader for all who ask. */
  reader(): RecordReader;
  /** Writes what is left, for no longer than a moment, and ends the work. */
  close(): Promise<void>;
}
