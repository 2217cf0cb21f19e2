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
