import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { parseJson } from "../json/parse-json.ts";
import type { Redactor } from "./answer-decoder.ts";
import { isHeartbeat } from "./is-heartbeat.ts";

/** The data of the event with which the servers of OpenAI's wires end a stream; some of them send none. */
export const endMark = "[DONE]";

/** True for complete data of an event: JSON, the end mark, or a sign of life. */
export function isWholeData(data: string): boolean {
  return data === endMark || isHeartbeat(data) || parseJson(data) !== undefined;
}

/** What the data of an event that reports a failure say, without our key: an object, else their text. */
export function readFailure(data: string, redact: Redactor): JsonObject | string {
  const text = redact(data);
  const body = parseJson(text);
  return isJsonObject(body) ? body : text;
}
