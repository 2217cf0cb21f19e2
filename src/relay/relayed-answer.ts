import type { ApiError } from "../anthropic/api-error.ts";
import type { StreamEvent } from "../anthropic/stream-event.ts";

/** How an answer came to its end. */
export type AnswerOutcome = { kind: "whole" } | { kind: "failed"; error: ApiError } | { kind: "client-gone" };

/** The events of one answer. Pull-driven: nothing is read ahead, so a slow client makes the upstream wait. */
export interface EventReader {
  /** Settles when the upstream's response head has come. */
  readonly opened: Promise<void>;
  /** The head of the message, for a client that cannot wait for the upstream any longer. */
  start(): StreamEvent[];
  /** The next events, at least one; null after the last. Throws UpstreamError when the answer fails. */
  read(): Promise<StreamEvent[] | null>;
}

/** An answer that is being fetched, and what there is to do at its end. */
export interface RelayedAnswer {
  reader: EventReader;
  /** What the client is told of what the reader threw. Never throws. */
  toApiError: (thrown: unknown) => ApiError;
  /** Gives up what is left of the answer, and accounts for it. Never throws: whatever fails of it is logged, the rest is done. */
  finish: (how: AnswerOutcome) => void;
  /** The same for an answer that threw; returns what the client is told, should it still be there. Never throws. */
  fail: (thrown: unknown) => ApiError;
}
