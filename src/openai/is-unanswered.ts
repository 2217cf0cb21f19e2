import { errorCode } from "./answer-body.ts";
import { UpstreamError } from "./upstream-error.ts";

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

/** Whether a call failed before its request can have met anybody, so that it may be sent once more. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof UpstreamError && unansweredCodes.has(errorCode(error.cause));
}
