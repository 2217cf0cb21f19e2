import type { ModelPrice, RequestKindName } from "../config/file-config.ts";
import type { BodyKeeper } from "./bodies/body-keeper.ts";
import type { SpendingCharge } from "./spending-charge.ts";

/** One send to an upstream, as the trace knows it. */
export interface TracedSend {
  /** The name of the upstream; without a configuration file its family or host. */
  readonly upstream: string;
  /** The id that it was asked for. */
  readonly model: string;
  /** Which of several keys, from 1; null where there is one or none. */
  readonly key: number | null;
  /** Milliseconds after the request arrived. */
  readonly startMs: number;
  /** Until the head of the answer, or the failure; null while it is owed. */
  ms: number | null;
  /** The HTTP status; null if none came. */
  status: number | null;
  /** In a few words why there was no answer; null if the status says it, or the answer came. */
  error: string | null;
}

/**
 * What is found out about one request beside its log record, for the record, the metrics, the traces and the caps.
 * Each part of the relay notes what it learns; null is "not known".
 */
export interface RequestTrace {
  /** `aside` is a side question (`/btw`) and the like: for the choice of a target they are `main`. */
  kind: RequestKindName | "aside" | null;
  agentId: string | null;
  parentAgentId: string | null;
  agentType: string | null;
  /** What chose the target: `cases[2]`, `routes.opus`, `BIG_MODEL_NAME`, `upstream/model`. */
  rule: string | null;
  /** The family whose dialect was spoken. */
  family: string | null;
  /** The upstream that answered, or failed last; also without a configuration file, where it is its family or host. */
  upstream: string | null;
  /** Tokens: the window of the model that answered. */
  window: number | null;
  /** Tokens: our count of the prompt before it was sent. */
  estimatedTokens: number | null;
  /** The price of the model that answered. */
  price: ModelPrice | null;
  /** Bytes of the client's body. */
  requestBytes: number | null;
  /** Bytes of the body that was sent last. */
  sentBytes: number | null;
  /** Bytes that the upstream answered. */
  receivedBytes: number;
  /** Bytes that the client was sent. */
  answerBytes: number;
  sends: TracedSend[];
  /** What it adds to the counters of a shared record; written in one step with its row. */
  charges: readonly SpendingCharge[];
  /** Keeps what went over the four wires; null if nobody wants it. */
  bodies: BodyKeeper | null;
}

/** Creates the trace of a request of which nothing is known yet. */
export function createTrace(bodies: BodyKeeper | null): RequestTrace {
  return {
    kind: null,
    agentId: null,
    parentAgentId: null,
    agentType: null,
    rule: null,
    family: null,
    upstream: null,
    window: null,
    estimatedTokens: null,
    price: null,
    requestBytes: null,
    sentBytes: null,
    receivedBytes: 0,
    answerBytes: 0,
    sends: [],
    charges: [],
    bodies,
  };
}
