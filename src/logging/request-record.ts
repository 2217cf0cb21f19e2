/** One place where a request was tried, or that was left out without a send. */
export interface Attempt {
  /** The upstream's name. */
  readonly upstream: string;
  /** The id that it was asked for. */
  readonly model: string;
  /** Which of several keys, from 1; null where there is one or none, and where none was free. */
  readonly key: number | null;
  /** The HTTP status of the upstream, or what an error inside its answer stands for; null if it gave none. */
  readonly status: number | null;
  /** In a few words why there was no answer: `timed out`; null if the status says it, or the answer came. */
  readonly error: string | null;
  /** Until the first events or the failure. */
  readonly ms: number;
}

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
  /** The name of the upstream that answered, or failed last; null without a configuration file. */
  readonly upstream: string | null;
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
  /** The places where it was tried, in their order; none without a configuration file. */
  readonly tried: readonly Attempt[];
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
