import type { ApiError } from "../anthropic/api-error.ts";
import type { StreamEvent } from "../anthropic/stream-event.ts";

/** How an answer ended. */
export type AnswerOutcome = { kind: "whole" } | { kind: "failed"; error: ApiError } | { kind: "client-gone" };

/** What one read gives: events of ours, or bytes of the upstream that go out as they are. */
export type AnswerPiece = StreamEvent[] | Uint8Array;

/** What is known of an answer whose bytes are passed on. */
export interface PassedAnswer {
  /** Of the upstream's answer, those that the client gets. Complete once the first piece was read. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes that were read so far end inside an event, or are no events: nothing else may be sent behind them. */
  readonly isInsideEvent: boolean;
  /** How many events were read so far, without pings and errors. */
  readonly events: number;
}

/** The events of one answer. Pull-driven: nothing is read ahead, so a slow client makes the upstream wait. */
export interface EventReader {
  /** Settles when the upstream's response head has come. */
  readonly opened: Promise<void>;
  /** The head of the message, for a client that cannot wait for the upstream any longer. */
  start(): StreamEvent[];
  /** The next events or bytes, at least one; null after the last. Throws UpstreamError when the answer fails. */
  read(): Promise<AnswerPiece | null>;
  /** Left out, or null, if the answer is made of events of ours. */
  readonly passed?: PassedAnswer | null;
}

/** An answer that is being fetched, and the functions to call at its end. */
export interface RelayedAnswer {
  reader: EventReader;
  /** Converts what the reader threw to the error for the client. Never throws. */
  toApiError: (thrown: unknown) => ApiError;
  /**
   * Gives up the rest of the answer, and accounts for it. Never throws: failures are logged, and the other steps still
   * run.
   */
  finish: (how: AnswerOutcome) => void;
  /** The same for an answer that threw; returns the error for the client, if it is still connected. Never throws. */
  fail: (thrown: unknown) => ApiError;
}
