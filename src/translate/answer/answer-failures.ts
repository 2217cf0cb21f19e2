import { UpstreamError } from "../../upstream/upstream-error.ts";

/** An answer that is not whole, or that no client could be told. */
export function brokenOff(message: string): UpstreamError {
  return new UpstreamError("malformed", message, { phase: "body" });
}

/** What fails an answer, from what was thrown; anything else is a fault of ours, and goes on. */
export function upstreamErrorOf(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  throw error;
}
