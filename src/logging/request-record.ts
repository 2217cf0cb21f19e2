/**
 * The facts recorded of one request: one line on the console and one JSON record in the log file. Null means "not
 * known" or "did not happen"; counts are tokens unless the name says otherwise.
 */
export interface RequestRecord {
  readonly requestId: string;
  /** When the request arrived. */
  readonly time: Date;
  readonly method: string;
  /** Without the query, which may carry keys. */
  readonly path: string;
  /** The name of the client, null if it was not recognised; left out where the clients have no names. */
  readonly client?: string | null;
  /** The purpose of the request, if it was not the client's conversation: `auto-mode-check`. */
  readonly kind: string | null;
  readonly clientModel: string | null;
  readonly upstreamModel: string | null;
  /** The wire on which the upstream was asked: `chat`, `responses`. */
  readonly protocol: string | null;
  /** True if the client asked for a stream; null if that was never known. */
  readonly stream: boolean | null;
  /** The HTTP status the client got; 499 if the client disconnected before one was sent. */
  readonly status: number;
  readonly stopReason: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly thinkingTokens: number | null;
  /** True if the upstream gave no usage and the counts are ours. */
  readonly usageEstimated: boolean;
  readonly durationMs: number;
  readonly firstByteMs: number | null;
  /** Output tokens divided by the time after the first byte of a stream, or by the whole time for a whole answer. */
  readonly tokensPerSecond: number | null;
  readonly upstreamRequestId: string | null;
  /** How often the upstream was called. */
  readonly attempts: number;
  /** Names of request fields that were not passed on. */
  readonly dropped: readonly string[];
  readonly repairs: readonly string[];
  readonly warnings: readonly string[];
  readonly errorType: string | null;
  readonly errorMessage: string | null;
  /** Where a failed request ended, e.g. `connect`, `first_byte`, `idle`. */
  readonly phase: string | null;
  /** The code from the system, fetch or TLS behind a failure, e.g. `ECONNRESET`; never a message. */
  readonly causeCode: string | null;
  /** Number of answer events sent, not counting pings or an error; null if no stream was begun. */
  readonly events: number | null;
  readonly sessionId: string | null;
  readonly costUsd: number | null;
  /** The error of our count of the prompt, in percent of the upstream's count. */
  readonly estimateErrorPercent: number | null;
}
