import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";
import { errorInside } from "../../../translate/answer/answer-failures.ts";
import type { UpstreamError } from "../../../upstream/upstream-error.ts";

/**
 * The error that an event reports (rule 25.1): `{type: "error", code, message, param}`, the same inside `error`, or
 * any event or body with an `error`. Its status is 200: the real status is in its body, which has the same members as
 * the bodies of failed requests.
 */
export function errorOfEvent(event: JsonObject | string): UpstreamError {
  if (typeof event === "string" || event["error"]) return errorInside(event);
  const { code, message, param } = event;
  return errorInside({ error: { code, message, param } });
}

/** The error of a response that failed: OpenRouter's own class of it is beside it. */
export function errorOfResponse({ error, error_type }: JsonObject): UpstreamError {
  if (!isJsonObject(error)) return errorInside({ error });
  const metadata = isJsonObject(error["metadata"]) ? error["metadata"] : {};
  return errorInside({
    error: typeof error_type === "string" ? { ...error, metadata: { ...metadata, error_type } } : error,
  });
}
