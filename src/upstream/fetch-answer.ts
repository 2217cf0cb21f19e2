import { type AnswerBody, openAnswerBody } from "./answer-body.ts";
import { errorCode } from "./error-code.ts";
import { explainFetchError, type FetchTarget, metNoAnswer, metNobody } from "./explain-fetch-error.ts";
import type { SendBudget } from "./send-budget.ts";
import type { SendWatch } from "./send-watch.ts";
import { type SetUpFault, UpstreamError, type UpstreamPhase } from "./upstream-error.ts";
import type { UpstreamLimits } from "./upstream-limits.ts";

/** Loaded when a connection is in doubt: Node's sockets would slow down every start. */
const loadTrials = () => import("./can-connect.ts");

/** For a TLS handshake, during which a failed request waits. */
const tlsTrialMs = 1000;

/** How one upstream is reached, where the environment does not say it for all. */
export interface FetchWay {
  /** The address of its HTTP proxy, which may contain a password. */
  readonly proxyUrl?: string;
  /** Signers of certificates that are trusted besides those of the system, in PEM. */
  readonly ca?: string;
}

export interface FetchCall {
  /** The address to post to: `href`, parsed once and not for every call. */
  url: URL;
  href: string;
  headers: Record<string, string>;
  /** The request as JSON; in bytes if it is large. */
  body: string | Uint8Array<ArrayBuffer>;
  limits: UpstreamLimits;
  /** Uses no HTTP proxy, whatever the environment says. */
  isLocal: boolean;
  /** The HTTP proxy that is used, or null. */
  httpProxy: FetchTarget["httpProxy"];
  way: FetchWay;
  /** No answer has come from this upstream yet. */
  isFirst: boolean;
  /** Must have at least one send left. */
  budget: SendBudget;
  /** Is told of each send; null if nobody wants to know. */
  watch: SendWatch | null;
  /** Ends the call when it is aborted. A head that takes too long aborts it here, with the error as its reason. */
  controller: AbortController;
}

export interface FetchedAnswer {
  response: Response;
  /** The body of `response`, which no other code may read. */
  body: AnswerBody;
  attempts: number;
}

/**
 * Posts and returns the answer's head, whatever its status. Redirects are not followed, because Bun's fetch would send
 * our headers to another host. A connection that fails before the first byte of an answer is tried once more on a fresh
 * one, if the budget has a send left for it. Throws UpstreamError (network, timeout, aborted).
 */
export async function fetchAnswer(call: FetchCall): Promise<FetchedAnswer> {
  try {
    return await fetchTwice(call);
  } catch (error) {
    throw (await plainAtTls(error, call)) ?? error;
  }
}

async function fetchTwice(call: FetchCall): Promise<FetchedAnswer> {
  try {
    return await fetchOnce(call, 1);
  } catch (error) {
    const isUnanswered = error instanceof UpstreamError && metNoAnswer(error.cause);
    if (!isUnanswered || !call.budget.hasLeft) throw error;
    if (call.budget.hasOtherTarget && metNobody(error.cause)) throw error;
    return await fetchOnce(call, 2);
  }
}

/**
 * A TLS server mostly closes the connection when a client speaks plain HTTP to it. Another connection finds out whether
 * it is one.
 */
async function plainAtTls(
  error: unknown,
  { url, httpProxy, isFirst }: FetchCall,
): Promise<UpstreamError | null> {
  if (!isFirst || url.protocol !== "http:" || httpProxy !== null) return null;
  if (!(error instanceof UpstreamError)) return null;
  if (errorCode(error.cause) !== "ECONNRESET") return null;
  const { speaksTls } = await loadTrials();
  if (!(await speaksTls(url, tlsTrialMs))) return null;
  const { attempts, cause } = error;
  const text = `${url.host} speaks TLS. The setting BASE_URL must begin with https://`;
  return new UpstreamError("network", text, {
    phase: "connect",
    host: url.host,
    attempts,
    setUp: "wrong",
    cause,
  });
}

async function fetchOnce(call: FetchCall, attempts: number): Promise<FetchedAnswer> {
  const { controller } = call;
  const { firstByteMs, idleMs } = call.limits;
  const { host } = call.url;
  const init: BunFetchRequestInit = {
    method: "POST",
    headers: call.headers,
    body: call.body,
    // guard: no redirect; without it: "follow"
    redirect: "manual",
    signal: controller.signal,
    // Bun's own idle timer would also count the time in which the client does not read.
    timeout: false,
    keepalive: attempts === 1,
  };
  const { proxyUrl, ca } = call.way;
  if (proxyUrl !== undefined) init.proxy = proxyUrl;
  else if (call.isLocal) init.proxy = false;
  if (ca !== undefined) init.tls = (await import("./trusted-signers.ts")).trustBesides(ca);
  call.budget.take();
  const notes = call.watch?.begin(call) ?? null;
  const stopWaiting = limitWait(call, attempts);
  try {
    const response = await fetch(call.href, init);
    notes?.noteHead(response.status);
    const firstMs = Math.max(firstByteMs, idleMs);
    const body = openAnswerBody(response, { firstMs, idleMs, host, controller, notes });
    return { response, body, attempts };
  } catch (cause) {
    const error = errorOf(cause, call, attempts);
    notes?.noteFailure(error);
    throw error;
  } finally {
    stopWaiting();
  }
}

function errorOf(cause: unknown, call: FetchCall, attempts: number): UpstreamError {
  if (cause instanceof UpstreamError) return cause;
  const { host } = call.url;
  if (call.controller.signal.aborted)
    return new UpstreamError("aborted", "The request was given up", { host, attempts, cause });
  const { text, setUp } = explainFetchError(cause, call);
  const message = `cannot reach ${host}: ${text}`;
  return new UpstreamError("network", message, { phase: "connect", host, attempts, setUp, cause });
}

/**
 * Gives the call up when no head has come after the limit, or when no connection succeeds. Bun's fetch does not report
 * when it has connected. So if no head has come after half of the connection limit, a second connection is tried for
 * the other half: if that fails, the request has no connection either. This is not a part of `fetchOnce`, because a
 * function created inside an async one keeps its parameters alive, here the whole request.
 * @returns a function that ends the waiting
 */
function limitWait({ url, limits, controller }: FetchCall, attempts: number): () => void {
  const { connectMs, firstByteMs } = limits;
  const { host } = url;
  let isWaiting = true;
  const giveUp = (text: string, how: { phase: UpstreamPhase; setUp?: SetUpFault }): void => {
    controller.abort(new UpstreamError("timeout", text, { ...how, host, attempts }));
  };
  const headIsLate = () =>
    giveUp(`${host} did not answer within ${firstByteMs / 1000} seconds`, { phase: "first_byte" });
  // guard: upstream's head in time; without it: () => undefined
  const waitForHead = (ms: number) =>
    ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(headIsLate, ms);
  const tryConnection = async (withinMs: number): Promise<void> => {
    const { canConnect } = await loadTrials();
    if ((await canConnect(url, withinMs)) || !isWaiting) return;
    const text = `cannot connect to ${host} within ${(2 * withinMs) / 1000} seconds. Check the network, and the host and the port in BASE_URL`;
    giveUp(text, { phase: "connect", setUp: "doubtful" });
  };
  const halfMs = (connectMs ?? Number.POSITIVE_INFINITY) / 2;
  // One timer for both, as nearly every head comes before either.
  let timer: ReturnType<typeof setTimeout> | undefined =
    halfMs >= firstByteMs
      ? waitForHead(firstByteMs)
      : setTimeout(() => {
          timer = waitForHead(firstByteMs - halfMs);
          void tryConnection(halfMs);
        }, halfMs);
  return () => {
    isWaiting = false;
    clearTimeout(timer);
  };
}
