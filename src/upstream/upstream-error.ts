export type UpstreamErrorKind =
  /** The upstream answered with an error status, or with an error in a success. */
  | "http"
  /** No connection, or one that broke. */
  | "network"
  /** One of our time limits was reached. */
  | "timeout"
  /** We ended it: the client is gone or the server drains. */
  | "aborted"
  /** The answer is none of the wire that was asked. */
  | "malformed";

/**
 * What a failure says about the settings. `wrong`: they are wrong, and waiting does not help. `doubtful`: they are
 * wrong if this upstream has never answered; otherwise the same failure is temporary (a network that is down, a page in
 * between).
 */
export type SetUpFault = "wrong" | "doubtful";

/** How far a call had come. */
export type UpstreamPhase = "connect" | "first_byte" | "body" | "idle";

export interface UpstreamErrorOptions {
  /** HTTP status of the answer, if there was one. */
  status?: number;
  /** The error body: parsed if it was JSON, else its text, at most 64 KiB of it. */
  body?: unknown;
  /** Answer headers, lower case; only the ones that error mapping reads. */
  headers?: Readonly<Record<string, string>>;
  /** Where the failure happened. */
  phase?: UpstreamPhase;
  /** `host[:port]` of the upstream; never the whole URL, which may hold credentials. */
  host?: string;
  /** How often the request was sent; 1 by default. */
  attempts?: number;
  /** Left out if the settings are probably right. */
  setUp?: SetUpFault | undefined;
  cause?: unknown;
}

/** Every failure between us and the upstream. Only `mapUpstreamError` converts it to an ApiError. */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError";
  readonly kind: UpstreamErrorKind;
  readonly status: number | undefined;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly phase: UpstreamErrorOptions["phase"];
  readonly host: string | undefined;
  /** How often the failed call was sent. */
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
