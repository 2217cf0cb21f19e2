import type { Reply } from "../../test/support/reply.ts";

/** A request of a client, and what the upstream answers meanwhile. */
export interface Exchange {
  /** What is played, for the report. */
  name: string;
  method: string;
  path: string;
  /** Null where the method has none. */
  body: string | Uint8Array<ArrayBuffer> | null;
  headers?: Readonly<Record<string, string>>;
  /** Answers a chat request. `attempt` counts those of this exchange from 0. */
  reply: (asksForStream: boolean, attempt: number) => Reply;
}

/** What can be said about an exchange from the outside. */
export interface Outcome {
  /** All that the upstream got, in order. */
  sent: readonly string[];
  /** Status, headers and body that the client got. */
  answer: string;
}
