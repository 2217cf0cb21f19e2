import { isJsonObject } from "../../json/json-value.ts";
import type { ProtocolId } from "../../profiles/protocol-id.ts";
import { UpstreamError } from "../../upstream/upstream-error.ts";

/** The error for an answer that is incomplete, or that cannot be written for a client. */
export function brokenOff(message: string): UpstreamError {
  return new UpstreamError("malformed", message, { phase: "body" });
}

/** Returns the error with which the answer fails; rethrows anything else, which is a fault of ours. */
export function upstreamErrorOf(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  throw error;
}

/**
 * The error for an answer in the form of another wire (rule 24.8). `answer`: what it is, in words. Like a page in place
 * of an answer, it shows wrong settings as long as the upstream has never answered.
 */
export function otherWire(answer: string, protocol: ProtocolId): UpstreamError {
  const message = `The upstream answered with ${answer}. Set UPSTREAM_PROTOCOL=${protocol}`;
  return new UpstreamError("malformed", message, { phase: "body", setUp: "doubtful" });
}

/** Whether an `error` member reports one: some servers send null, `""` or `{}` with every successful answer. */
export function saysError(error: unknown): boolean {
  return isJsonObject(error) ? Object.keys(error).length > 0 : typeof error === "string" && error !== "";
}

/** The error for an answer that ended with a reason that tells of a failure: `finish_reason error`. */
export function endedWith(reason: string): UpstreamError {
  const message = `it ended the answer with ${reason}`;
  return new UpstreamError("http", message, { status: 502, body: message });
}

/** The error for a body that reports one although its status is a success (rule 5.4). */
export function errorInside(body: object | string): UpstreamError {
  return new UpstreamError("http", "The upstream reported an error inside its answer", { status: 200, body });
}
