import { readErrorBody } from "../translate/failures/error-facts.ts";
import type { UpstreamError } from "../upstream/upstream-error.ts";

/** Status and words of a refusal, as they are kept with what it taught. May hold keys that the upstream repeats. */
export function describeRefusal(refusal: UpstreamError): string {
  const words = readErrorBody(refusal.body).text || refusal.message;
  return refusal.status === undefined ? words : `${refusal.status}: ${words}`;
}
