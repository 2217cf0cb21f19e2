export type UpstreamErrorKind =
  /** The upstream answered with a status that is no success, or with an error in a success. */
  | "http"
  /** No connection, or one that broke. */
  | "network"
  /** A time limit of ours was reached. */
  | "timeout"
  /** We ended it: the client is gone or the server drains. */
  | "aborted"
  /** What came is not Chat Completions. */
  | "malformed";

/**
 * What a failure says of the settings: `wrong`, and time mends nothing; `doubtful`, and they are wrong as long as this
 * upstream has never answered, while later the same is a passing fault (a network that is gone, a page in between).
 */
export type SetUpFault = "wrong" | "doubtful";

/** Where a call was. */
export type UpstreamPhase = "connect" | "first_byte" | "body" | "idle";

export interface UpstreamErrorOptions {
  /** HTTP status of the answer, when there was one. */
  status?: number;
  /** The error body: parsed when it was JSON, else its text, at most 64 KiB of it. */
  body?: unknown;
  /** Answer headers, lower case; only the ones that error mapping reads. */
  headers?: Readonly<Record<string, string>>;
  /** Where it happened. */
  phase?: UpstreamPhase;
  /** `host[:port]` of the upstream; never the whole URL, which may hold credentials. */
  host?: string;
  /** How often the request was sent; 1 unless said otherwise. */
  attempts?: number;
  /** Left out where the settings need not be at fault. */
  setUp?: SetUpFault | undefined;
  cause?: unknown;
}

/** Everything that goes wrong between us and the upstream. Turned into an ApiError by `mapUpstreamError` only. */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError";
  readonly kind: UpstreamErrorKind;
  readonly status: number | undefined;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly phase: UpstreamErrorOptions["phase"];
  readonly host: string | undefined;
  /** How often the call that failed was sent. */
  readonly attempts: number;
  readonly setUp: SetUpFault | undefined;

  constructor(kind: UpstreamErrorKind, message: string, options: UpstreamErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.status = options.status;
    this.body = options.body;
    this.headers = options.headers ?? {};
    this.phase = options.phase;
    this.host = options.host;
    this.attempts = options.attempts ?? 1;
    this.setUp = options.setUp;
  }
}
