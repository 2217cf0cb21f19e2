import type { Attempt, RequestRecord } from "../logging/request-record.ts";

/** Where the cost of a request comes from: the upstream's own figure, or tokens times a known price. */
export type CostSource = "upstream" | "price";

/** How far the request that went to the upstream begins like the one before it in the same conversation. */
export interface PrefixBreak {
  /** Bytes that both begin with. */
  readonly sameBytes: number;
  /** Bytes of the request before: all of them the same means that the cache could be used. */
  readonly previousBytes: number;
  /** The part in which they differ: `tools[3]`, `messages[12].content`; null if the one before was only continued. */
  readonly place: string | null;
}

/** What was changed on the way, in the words of the log. */
export type RecordedChanges = Pick<RequestRecord, "dropped" | "repairs" | "warnings">;

/** What the log says of a request in the same words. */
type LoggedMembers = Pick<
  RequestRecord,
  | "requestId"
  | "path"
  | "sessionId"
  | "clientModel"
  | "upstream"
  | "protocol"
  | "stream"
  | "status"
  | "stopReason"
  | "inputTokens"
  | "outputTokens"
  | "cacheReadTokens"
  | "cacheWriteTokens"
  | "thinkingTokens"
  | "usageEstimated"
  | "estimateErrorPercent"
  | "firstByteMs"
  | "durationMs"
  | "tokensPerSecond"
  | "costUsd"
  | "errorType"
  | "errorMessage"
  | "phase"
  | "causeCode"
  | "upstreamRequestId"
>;

/**
 * One request as the record keeps it, with no key in it. Null is "not known" or "did not happen"; a cost of null is
 * unknown, never free.
 */
export interface RecordedRequest extends LoggedMembers {
  /** When it arrived: milliseconds since 1970. */
  readonly timeMs: number;
  readonly client: string | null;
  readonly agentId: string | null;
  readonly parentAgentId: string | null;
  readonly agentType: string | null;
  readonly kind: string | null;
  /** What chose the target. */
  readonly rule: string | null;
  readonly model: string | null;
  readonly family: string | null;
  readonly estimatedTokens: number | null;
  readonly window: number | null;
  readonly requestBytes: number | null;
  readonly sentBytes: number | null;
  readonly receivedBytes: number;
  readonly answerBytes: number;
  readonly costSource: CostSource | null;
  /** How often an upstream was called. */
  readonly sends: number;
  /** Every place that was asked, in its order. */
  readonly attempts: readonly Attempt[];
  readonly changes: RecordedChanges;
  /** Found out where the request is written. */
  readonly prefix: PrefixBreak | null;
}

/** The four messages of an exchange. */
export const wireNames = [
  "client-request",
  "upstream-request",
  "upstream-response",
  "client-response",
] as const;

export type WireName = (typeof wireNames)[number];

/** The head of a request that was sent: no header in it carries a key. */
export interface RecordedHead {
  /** With `[redacted]` for what the address holds of keys. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One message of an exchange, as the record keeps it. */
export interface RecordedBody {
  readonly name: WireName;
  /** Of the upstream's messages: which send, from 1; 0 for the client's. */
  readonly send: number;
  readonly head: RecordedHead | null;
  readonly text: string;
  /** Bytes of the whole, before it was cut. */
  readonly bytes: number;
  readonly isCut: boolean;
}

/** One exchange in full. */
export interface RecordedExchange {
  readonly request: RecordedRequest;
  /** Empty if none were kept. */
  readonly bodies: readonly RecordedBody[];
}
