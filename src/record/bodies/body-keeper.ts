import type { RecordedHead, WireName } from "../recorded-request.ts";

/** One message as it went over its wire: pieces that nobody has copied. */
export interface KeptBody {
  readonly name: WireName;
  readonly send: number;
  /** Built when it is first read: of most requests nothing is stored. */
  readonly head: RecordedHead | null;
  pieces: (string | Uint8Array)[];
  /** Bytes of the whole; more than the pieces hold if it was cut. */
  bytes: number;
  isCut: boolean;
}

/**
 * Keeps what goes over the four wires of one request until it has ended. Nothing is copied; of each message the first
 * part is kept, and of all running requests together no more than a fixed share of memory.
 */
export interface BodyKeeper {
  /** Keys of the request's caller that no setting knows: what was kept may hold them. */
  readonly secrets: readonly string[];
  /** Begins the next send to an upstream; its messages are those of the upstream's wires that follow. */
  beginSend(buildHead: () => RecordedHead): void;
  /** Adds a piece of a message, as it was written or read. */
  add(name: WireName, piece: string | Uint8Array): void;
  /** Gives what was kept, and forgets it. */
  take(): KeptBody[];
}
