import type { JsonObject } from "../json/json-value.ts";

/** Error types of the Anthropic API with the HTTP status of each (platform docs, "Errors"). */
export const statusOfErrorType = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
} as const;

export type ApiErrorType = keyof typeof statusOfErrorType;

export interface ApiErrorOptions {
  /** HTTP status, if it is not the usual one of the type (405, 502, 503 …). */
  status?: number;
  /** Only these two are ever sent: how long to wait, and whether the client should retry at all. */
  headers?: { "retry-after"?: string; "x-should-retry"?: "true" | "false" };
  /** The upstream's own answer, which the client gets instead of one of ours; null if there is none. */
  passed?: PassedError | null;
  cause?: unknown;
}

/** An error in Anthropic's form that came from an upstream. */
export interface PassedError {
  /** The body as it came. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** Of the upstream's headers, those that the client gets. */
  readonly headers: Readonly<Record<string, string>>;
  /** The data of an `error` event: the body's object, or null if it is no error in Anthropic's form. */
  readonly event: JsonObject | null;
}

/**
 * The error a client gets when a request fails: before the response head as an HTTP status with a JSON body, after it
 * as `event: error`. Thrown by the code that knows the right error for the client; rendered in `server/` only.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly type: ApiErrorType;
  readonly status: number;
  readonly headers: Readonly<NonNullable<ApiErrorOptions["headers"]>>;
  readonly passed: PassedError | null;

  constructor(type: ApiErrorType, message: string, options: ApiErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.type = type;
    this.status = options.status ?? statusOfErrorType[type];
    this.headers = options.headers ?? {};
    this.passed = options.passed ?? null;
  }
}

/** The JSON body of a failed request. */
export interface ErrorBody {
  type: "error";
  error: { type: ApiErrorType; message: string };
  request_id: string;
}

/** Builds the error body, which is sent with `request-id: <requestId>`. */
export function buildErrorBody(error: ApiError, requestId: string): ErrorBody {
  return { type: "error", error: { type: error.type, message: error.message }, request_id: requestId };
}
