import { UpstreamError } from "./upstream-error.ts";

/** The error for an answer whose body does not have the expected form. */
export function malformedAnswer(message: string): UpstreamError {
  return new UpstreamError("malformed", message, { phase: "body" });
}
