import type { CountTokensRequest, MessagesRequest } from "../anthropic/messages-request.ts";
import type { UnreadRequest } from "../anthropic/unread-request.ts";
import type { ClientSettings, ModelPrice, Target } from "../config/file-config.ts";
import type { ModelRoute } from "../routing/route.ts";
import type { ClientHead } from "./client-head.ts";
import type { Exchange } from "./exchange.ts";
import type { ModelOffer } from "./offered-model.ts";
import type { RelayedAnswer } from "./relayed-answer.ts";

/** What is known of a request besides its body. */
export interface RelayCall {
  /** Records what is found out. */
  exchange: Exchange;
  /** The client's headers, query and credential, for upstreams to which requests are passed as they are. */
  head: ClientHead;
  /** The client whose key the request has; null if clients need none. */
  client: ClientSettings | null;
  /** The session id from a header of the client, or null. */
  sessionId: string | null;
  /** The request as it arrived: a key that it contains is already known to the client. */
  bodyBytes: Uint8Array;
  /** The body is so large that work on it is done in turns of the event loop. */
  isLarge: boolean;
}

export interface MessagesCall extends RelayCall {
  /** The client adds the numbers of `message_start` to the final ones, so it gets no guess there. */
  addsUsage: boolean;
  /** Aborted when the client disconnects. */
  signal: AbortSignal;
  /**
   * Called with the target that is asked first, before anything is sent; what it throws refuses the request. A promise is
   * waited for.
   */
  admitTarget?: (target: ModelRoute) => void | Promise<void>;
  /** The same for each place that is asked after it; what it throws refuses that place alone. */
  admitNext?: (target: ModelRoute) => Promise<void> | null;
}

/** Carries requests to upstreams and their answers back. It knows nothing of HTTP servers. */
export interface Relay extends Carrier {
  /** The models that a client may ask for. */
  offerModels: ModelOffer;
  /** The price of a target, null if it is not known. */
  priceOf: (target: Target) => ModelPrice | null;
}

/** The part of a relay that carries. */
export interface Carrier {
  /** Some upstream gets requests as they are: then one that our own check refuses may be opened, too. */
  readonly takesUnread: boolean;
  /**
   * Begins to carry a messages request. Throws ApiError, naming the field, for a request that the upstream cannot
   * serve.
   */
  open(request: MessagesRequest | UnreadRequest, call: MessagesCall): RelayedAnswer | Promise<RelayedAnswer>;
  /** Counts the input tokens of a request, after the same translation. Throws as `open` does. */
  count(request: CountTokensRequest | UnreadRequest, call: RelayCall): Promise<number>;
  /**
   * Says on which wire the only upstream is asked for the configured models, and why; absent with a configuration file,
   * where each upstream has its own.
   */
  describeProtocol?: () => string;
  /** The name under which the only upstream is recorded; absent with a configuration file, which names each. */
  nameUpstream?: () => string;
}
