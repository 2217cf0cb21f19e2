import type { KeptBody } from "../bodies/body-keeper.ts";
import type { RecordPlace } from "../record-place.ts";
import type { RecordedRequest } from "../recorded-request.ts";
import type { SpendingCharge } from "../spending-charge.ts";

/** One request on its way to the file. */
export interface WriteEntry {
  readonly request: RecordedRequest;
  /** What is kept of its messages. */
  readonly bodies: readonly KeptBody[];
  /** What the upstream was sent last, for the comparison with the request before; null if there is nothing to compare. */
  readonly sent: KeptBody["pieces"] | null;
  /** Values of its caller that may appear in nothing that is written of it, beside those of all requests. */
  readonly secrets: readonly string[];
  /** What it adds to the counters of a shared record. */
  readonly charges: readonly SpendingCharge[];
}

/** What of an entry is no text. */
export type EntryMessages = Pick<WriteEntry, "bodies" | "sent">;

/** A database that several instances share, and how this one writes to it. */
export type SharedWritePlace = Extract<RecordPlace, { kind: "shared" }> & {
  /** Absolute path of the folder in which requests wait until the database has them. */
  readonly spoolFolder: string;
  /** This instance, among those that share it. */
  readonly instance: string;
};

/** Where requests are written to. The path of a file is absolute. */
export type WritePlace = Extract<RecordPlace, { kind: "file" }> | SharedWritePlace;

/** The first message to the thread that writes. */
export interface WriteStart {
  readonly kind: "start";
  readonly place: WritePlace;
  readonly keepDays: number;
  readonly maxMegabytes: number;
  readonly secrets: readonly string[];
  readonly times: WriteTimes;
}

/** In milliseconds. */
export interface WriteTimes {
  /** From the start of the thread to the first search for what is too old, or too much. */
  readonly firstPruneMs: number;
  readonly pruneEveryMs: number;
  /** The first pause after a failed write; each one after it is twice as long. */
  readonly retryMs: number;
  /** How long a shared database may take for a batch. */
  readonly sendMs: number;
  /** Between a batch for a shared database and the next one, unless more waits than one of them takes. */
  readonly restMs: number;
  /** Between two looks for what processes that have ended left for a shared database. */
  readonly adoptEveryMs: number;
}

/** Some requests, in the form that costs the serving thread least: as one text, which Bun does not copy. */
export interface WriteBatch {
  readonly kind: "batch";
  /** JSON of the requests, and of the places in `secrets` at which those of each stand. */
  readonly requests: string;
  /** Each caller's once, however many of its requests there are. */
  readonly secrets: readonly (readonly string[])[];
  /** What else there is of those that have any, by the place of their request. */
  readonly messages: ReadonlyMap<number, EntryMessages>;
}

/** What follows it. */
export type WriteOrder =
  | WriteBatch
  | { readonly kind: "secrets"; readonly secrets: readonly string[] }
  | { readonly kind: "close" };

/** What the thread says. */
export type WriteReport =
  /** The batch is in the file, or on its way to a shared record, but for what no file would take. */
  | { readonly kind: "written"; readonly refused: number }
  /** The batch is not in the file yet; it is tried again. */
  | { readonly kind: "fault"; readonly fault: string }
  /** How it stands with what waits for a shared record. */
  | ({ readonly kind: "spool" } & SpoolReport)
  /** Requests, or only their messages, that no shared record will have. */
  | {
      readonly kind: "lost";
      readonly what: "request" | "bodies";
      readonly count: number;
      readonly why: string;
    }
  /** Something that the user must know. */
  | { readonly kind: "warning"; readonly message: string; readonly cause: string }
  /** The file is closed. */
  | { readonly kind: "closed" };

export interface SpoolReport {
  /** Requests that wait. */
  readonly spooled: number;
  /** Those of them that would be lost with the process. */
  readonly inMemory: number;
  /** Since when the database takes nothing: milliseconds since 1970; null while it does. */
  readonly awaySinceMs: number | null;
  /** Why. */
  readonly fault: string | null;
}
