import type { CountTokensRequest, MessagesRequest } from "../anthropic/messages-request.ts";
import type { Exchange } from "./exchange.ts";
import type { RelayedAnswer } from "./relayed-answer.ts";

/** What is known of a request beside its body. */
export interface RelayCall {
  /** Takes down what is found out. */
  exchange: Exchange;
  /** The body is so large that the work on it is done in turns of the event loop. */
  isLarge: boolean;
}

export interface MessagesCall extends RelayCall {
  /** The request as it came: a key that stands in it is the client's already. */
  bodyBytes: Uint8Array;
  /** The session that a header of the client names, or null. */
  sessionId: string | null;
  /** The client adds what stands in `message_start` to the final numbers: it gets no guess. */
  addsUsage: boolean;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

/** Carries requests to upstreams and their answers back. Knows nothing of HTTP servers. */
export interface Relay {
  /** Begins to carry a messages request. Throws ApiError, naming the field, for what the upstream cannot be asked. */
  open(request: MessagesRequest, call: MessagesCall): Promise<RelayedAnswer>;
  /** Input tokens of a request, after the same translation. Throws as `open` does. */
  count(request: CountTokensRequest, call: RelayCall): Promise<number>;
}
