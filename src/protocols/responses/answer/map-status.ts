import { isJsonObject, nonEmptyString, textOfScalar } from "../../../json/json-value.ts";
import { endedWith, saysError } from "../../../translate/answer/answer-failures.ts";
import type { StatedEnd } from "../../../translate/answer/stated-end.ts";
import type { ResponseObject } from "../response-event.ts";
import { errorOfResponse } from "./error-of-event.ts";

/** Statuses that a terminal event may have; gateways report a cut answer in an event that says `completed`. */
const ends = ["incomplete", "failed", "cancelled"];

/** The status of a response as it ended. `type`: that of its terminal event. */
export function statusOf(type: unknown, { status, error }: ResponseObject): string {
  const told = nonEmptyString(status);
  if (type === "response.failed" || (saysError(error) && told !== "incomplete")) return "failed";
  if (told !== undefined && (ends.includes(told) || type === "response.done")) return told;
  return type === "response.incomplete" ? "incomplete" : "completed";
}

/** Maps the status of a response (rule 23.4). `isFull`: its output is as long as it was allowed to be. */
export function mapStatus(status: string, response: ResponseObject, isFull: boolean): StatedEnd {
  const stopSequence = null;
  switch (status) {
    case "completed":
      return { kind: isFull ? "length" : "done", stopSequence, warning: null };
    case "incomplete": {
      const details = response.incomplete_details;
      const reason = isJsonObject(details) ? textOfScalar(details["reason"]) : undefined;
      if (reason === "content_filter") return { kind: "refusal", stopSequence, warning: null };
      const isKnown = reason === "max_output_tokens";
      const warning = isKnown ? null : `the response is incomplete, its reason is ${reason ?? "missing"}`;
      return { kind: "length", stopSequence, warning };
    }
    case "failed":
      return { kind: "failed", stopSequence, warning: null, failure: errorOfResponse({ ...response }) };
    case "cancelled":
    case "queued":
    case "in_progress":
      return { kind: "failed", stopSequence, warning: null, failure: endedWith(`status ${status}`) };
    default:
      return { kind: "done", stopSequence, warning: `unknown status ${status}` };
  }
}
