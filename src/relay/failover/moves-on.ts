import { readWholeNumber } from "../../json/whole-number.ts";
import { findContextOverflow } from "../../translate/failures/context-overflow.ts";
import { type ErrorFacts, readErrorBody } from "../../translate/failures/error-facts.ts";
import { isDailyLimit, isTokenRateLimit } from "../../translate/failures/passing-faults.ts";
import { resolveStatus } from "../../translate/failures/resolve-status.ts";
import { deriveRetryAfter, readRetryAfter } from "../../translate/failures/retry-after.ts";
import { isUnknownModel, lacksTools } from "../../translate/failures/set-up-faults.ts";
import { findImageFault } from "../../translate/refusals/find-image-fault.ts";
import type { UpstreamError } from "../../upstream/upstream-error.ts";

/** Where a request goes after a failure; `stop`: nowhere, because the request is at fault. */
export type Move = "next-key" | "next-target" | "stop";

/** What a failure means beyond its own words. */
export interface MoveFacts {
  /** Another key of the same upstream may be used. */
  hasOtherKey: boolean;
  /** It was asked with the client's own credential. */
  usesClientAccount: boolean;
  /** The window of the model that failed, in tokens; null if unknown. */
  window: number | null;
  /** The largest window of the targets that are left, in tokens; null if none is known. */
  nextWindow: number | null;
}

/** With these the form or the size of the request is at fault, and would be so anywhere. */
const requestFaults: readonly number[] = [400, 406, 411, 413, 414, 415, 422, 431];
/** With these another key may be served. */
const keyFaults: readonly number[] = [401, 402, 429];
/** These may be about the account that was used, and not about the target. */
const accountFaults: readonly number[] = [401, 402, 403, 404, 429];
/** With these an overflow may come; any other one is about something else. */
const overflowStatuses: readonly number[] = [400, 413, 422, 500];

/**
 * Where a request goes after its upstream's failure. Looks at what the upstream itself says, and not at what the client
 * would be told. Pure.
 */
export function findMove(error: UpstreamError, facts: MoveFacts): Move {
  // The client is gone, or the server is stopping.
  if (error.kind === "aborted") return "stop";
  if (error.kind !== "http") return "next-target";
  const body = readErrorBody(error.body);
  const status = statusOf(error, body);
  const overflow = findOverflow(error);
  if (overflow !== null) return mayFit(overflow, facts) ? "next-target" : "stop";
  // The client alone can mend it, and Claude Code renews its login when it hears of it.
  if (status === 401 && facts.usesClientAccount) return "stop";
  if (keyFaults.includes(status)) return facts.hasOtherKey ? "next-key" : "next-target";
  if (!requestFaults.includes(status)) return "next-target";
  return isUnknownModel(body) || lacksFeature(body) ? "next-target" : "stop";
}

/** The window that a request was too long for. */
export interface Overflow {
  /** Tokens of the prompt; null if the upstream named no number. */
  inputTokens: number | null;
  /** Tokens; null if the upstream named no number. */
  limit: number | null;
}

/** How a prompt was too long, if that is the failure; else null. */
export function findOverflow(error: UpstreamError): Overflow | null {
  if (error.kind !== "http") return null;
  const body = readErrorBody(error.body);
  const isPlain = error.status === 200 && body.codeAsStatus === null;
  return isPlain || overflowStatuses.includes(statusOf(error, body)) ? findContextOverflow(body) : null;
}

/** Whether a larger window is left, and as far as is known, one that is large enough. */
function mayFit({ inputTokens, limit }: Overflow, { window, nextWindow }: MoveFacts): boolean {
  const least = limit ?? window;
  if (least === null || nextWindow === null || nextWindow <= least) return false;
  return inputTokens === null || inputTokens < nextWindow;
}

/** The status that stands for the upstream's failure: its own, made exact by its words; null if it gave none. */
export function findStatus(error: UpstreamError): number | null {
  return error.kind === "http" ? statusOf(error, readErrorBody(error.body)) : null;
}

/** The status for the list of attempts: the upstream's own; of an error inside its answer what that stands for. */
export function findOwnStatus(error: UpstreamError): number | null {
  const { kind, status = 0 } = error;
  return kind === "http" && status >= 400 ? status : findStatus(error);
}

/** Anthropic answers 400 where money is lacking. */
const spentAtAnthropic = /credit balance is too low|reached your specified api usage limits/i;

/** Groq answers 413 for a limit of tokens a minute. */
function statusOf({ status: sent }: UpstreamError, body: ErrorFacts): number {
  const status = resolveStatus(sent, body);
  if (status === 400 && spentAtAnthropic.test(body.text)) return 402;
  return status === 413 && isTokenRateLimit(body) ? 429 : status;
}

/** Whether an error says that the model cannot do what this request asks of it. */
function lacksFeature(body: ErrorFacts): boolean {
  const text = body.text.toLowerCase();
  return (
    lacksTools(body) ||
    /\bno endpoints found that support\b/.test(text) ||
    findImageFault(text, { hasImages: true }) !== null
  );
}

/**
 * Whether a failure speaks against its target, so that other requests had better pass it over. A request that is too
 * long or asks for too much does not, and neither does what a moderation may have refused (403), or what is about the
 * account of one client.
 */
export function isFaultOfTarget(
  error: UpstreamError,
  { usesClientAccount }: Pick<MoveFacts, "usesClientAccount">,
): boolean {
  if (error.kind === "aborted") return false;
  if (error.kind !== "http") return true;
  const body = readErrorBody(error.body);
  const status = statusOf(error, body);
  // To an account that may not use a model, it is one that does not exist.
  if (usesClientAccount && accountFaults.includes(status)) return false;
  if (isUnknownModel(body)) return true;
  const isOfRequest = findOverflow(error) !== null || lacksFeature(body);
  return !isOfRequest && status !== 403 && !requestFaults.includes(status);
}

/** Seconds for which a refused key is not used, where the upstream does not say how long: by the status. */
const coolSeconds = { 401: 3600, 402: 1800, 429: 60 };
const dailySeconds = 3600;

/** How long a key is not used after this failure, in seconds; null if the failure is not about the key. */
export function findCoolDown(error: UpstreamError): number | null {
  if (error.kind !== "http") return null;
  const body = readErrorBody(error.body);
  const status = statusOf(error, body);
  if (status === 429) {
    const usual = isDailyLimit(body) ? dailySeconds : coolSeconds[429];
    return secondsOf(deriveRetryAfter(error, body)) ?? usual;
  }
  if (status !== 401 && status !== 402) return null;
  return secondsOf(readRetryAfter(error)) ?? coolSeconds[status];
}

/** Seconds after which the upstream wants to be asked again; null if it does not say. */
export function findWait(error: UpstreamError): number | null {
  if (error.kind !== "http") return null;
  return secondsOf(deriveRetryAfter(error, readErrorBody(error.body)));
}

function secondsOf(told: string | undefined): number | null {
  return told === undefined ? null : readWholeNumber(told);
}
