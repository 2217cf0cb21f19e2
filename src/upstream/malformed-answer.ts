import { UpstreamError } from "./upstream-error.ts";

/** The error of an answer whose body is not what it should be. */
export function malformedAnswer(message: string): UpstreamError {
  return new UpstreamError("malformed", message, { phase: "body" });
}
