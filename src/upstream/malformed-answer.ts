import { explainDepth } from "../json/find-excess.ts";
import type { Redactor } from "./answer-decoder.ts";
import { UpstreamError } from "./upstream-error.ts";

/** The error for an answer whose body does not have the expected form. */
export function malformedAnswer(message: string): UpstreamError {
  return new UpstreamError("malformed", message, { phase: "body" });
}

/** The error for the data of an event that is no JSON object. */
export function malformedEvent(data: string, redact: Redactor): UpstreamError {
  const fault = explainDepth(data, "is not a JSON object");
  return malformedAnswer(`The upstream sent an event that ${fault}: ${excerpt(redact(data))}`);
}

const excerptLength = 200;

function excerpt(text: string): string {
  return text.length <= excerptLength ? text : `${text.slice(0, excerptLength - 1)}…`;
}
