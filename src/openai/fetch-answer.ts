import { type AnswerBody, errorCode, openAnswerBody } from "./answer-body.ts";
import { canConnect } from "./can-connect.ts";
import { explainFetchError } from "./explain-fetch-error.ts";
import { UpstreamError } from "./upstream-error.ts";
import type { UpstreamLimits } from "./upstream-limits.ts";

export interface FetchCall {
  url: URL;
  headers: Record<string, string>;
  /** The chat request as JSON. */
  body: string;
  limits: UpstreamLimits;
  /** No HTTP proxy is used, whatever the environment says. */
  isLocal: boolean;
  signal: AbortSignal;
}

export interface FetchedAnswer {
  response: Response;
  /** The body of `response`, which nobody else may read. */
  body: AnswerBody;
  attempts: number;
}

/** Failures that say that the request met no answer. A server that is just closing an idle connection resets it. */
const unansweredCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ConnectionRefused",
  "ConnectionClosed",
  "FailedToOpenSocket",
]);

/**
 * Posts and returns the answer's head, whatever its status; redirects are not followed, since Bun's fetch would
 * carry our headers to another host. A connection that fails before the first byte of an answer is tried once
 * more on a fresh one. Throws UpstreamError (network, timeout, aborted).
 */
export async function fetchAnswer(call: FetchCall): Promise<FetchedAnswer> {
  try {
    return await fetchOnce(call, 1);
  } catch (error) {
    if (!(error instanceof UpstreamError && unansweredCodes.has(errorCode(error.cause)))) throw error;
    return await fetchOnce(call, 2);
  }
}

async function fetchOnce(call: FetchCall, attempts: number): Promise<FetchedAnswer> {
  const { url, limits, signal } = call;
  const host = url.host;
  const wait = limitWait(call, attempts);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: call.headers,
      body: call.body,
      redirect: "manual",
      ...(call.isLocal ? { proxy: false } : {}),
      signal: wait.signal,
      // Bun's own idle timer would also count the time in which the client does not read.
      timeout: false,
      keepalive: attempts === 1,
    });
    const { abort } = wait;
    return {
      response,
      body: openAnswerBody(response, { idleMs: limits.idleMs, host, signal, abort }),
      attempts,
    };
  } catch (cause) {
    if (signal.aborted)
      throw new UpstreamError("aborted", "The request was given up", { host, attempts, cause });
    if (cause instanceof UpstreamError) throw cause;
    const text = `cannot reach ${host}: ${explainFetchError(cause)}`;
    throw new UpstreamError("network", text, { phase: "connect", host, attempts, cause });
  } finally {
    wait.end();
  }
}

/**
 * Makes the signal of one fetch: it aborts with the caller's, by `abort`, and when the head of the answer is owed too
 * long; `end` ends the waiting for the head.
 * Not a part of `fetchOnce`: a function that is made inside an async one holds its parameters, here the whole chat
 * request, and `abort` lives as long as the answer.
 */
function limitWait({ url, limits, signal }: FetchCall, attempts: number) {
  const { host } = url;
  const ours = new AbortController();
  const abort = (reason: unknown): void => ours.abort(reason);
  // AbortSignal.any does the same and takes twice as long as both controllers.
  signal.addEventListener("abort", () => abort(signal.reason), { once: true });
  if (signal.aborted) abort(signal.reason);
  const firstByteTimer = setTimeout(() => {
    const text = `${host} did not answer within ${limits.firstByteMs / 1000} seconds`;
    abort(new UpstreamError("timeout", text, { phase: "first_byte", host, attempts }));
  }, limits.firstByteMs);
  const connectTimer = watchConnecting(url, limits, (text) =>
    abort(new UpstreamError("timeout", text, { phase: "connect", host, attempts })),
  );
  const end = (): void => {
    clearTimeout(firstByteTimer);
    clearTimeout(connectTimer);
  };
  return { signal: ours.signal, abort, end };
}

/**
 * Bun's fetch does not tell when it has connected. So when the head is owed for half of the limit, a connection
 * beside it is tried for the other half: where none comes about, the request has none either.
 */
function watchConnecting(url: URL, { connectMs }: UpstreamLimits, onSilence: (text: string) => void) {
  if (connectMs === null) return undefined;
  return setTimeout(async () => {
    if (await canConnect(url, connectMs / 2)) return;
    onSilence(`cannot connect to ${url.host} within ${connectMs / 1000} seconds`);
  }, connectMs / 2);
}
