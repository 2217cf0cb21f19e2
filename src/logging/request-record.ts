/**
 * What is remembered of one request: one line on the console and one JSON record in the log file. Null stands for
 * "not known" or "did not happen"; counts are tokens unless the name says otherwise.
 */
export interface RequestRecord {
  readonly requestId: string;
  /** When the request arrived. */
  readonly time: Date;
  readonly method: string;
  /** Without the query, which may carry keys. */
  readonly path: string;
  /** What the client asked for, where it was not its conversation: `auto-mode-check`. */
  readonly kind: string | null;
  readonly clientModel: string | null;
  readonly upstreamModel: string | null;
  /** True when the client asked for a stream; null when that was never learned. */
  readonly stream: boolean | null;
  /** The HTTP status the client got; 499 when the client went away before one was sent. */
  readonly status: number;
  readonly stopReason: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly thinkingTokens: number | null;
  /** True when the upstream gave no usage and the counts are ours. */
  readonly usageEstimated: boolean;
  readonly durationMs: number;
  readonly firstByteMs: number | null;
  /** Output tokens over the time behind the first byte of a stream, or over all of it for a whole answer. */
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
  /** Where it ended when it failed, e.g. `connect`, `first_byte`, `idle`. */
  readonly phase: string | null;
  /** The code of the system, of fetch or of TLS behind a failure, e.g. `ECONNRESET`; never a text. */
  readonly causeCode: string | null;
  /** Events of a stream that went out, without an error and the pings between them; null when none was begun. */
  readonly events: number | null;
  readonly sessionId: string | null;
  readonly costUsd: number | null;
  /** How far our count of the prompt was from the upstream's, in percent of the latter. */
  readonly estimateErrorPercent: number | null;
}
