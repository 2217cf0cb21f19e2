import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";
import type { ResponseEvent, ResponseObject } from "../response-event.ts";

/** A whole response as the one event that ends it (rule 23.1). */
export function wholeAnswer(response: ResponseObject): ResponseEvent {
  return { type: "response.done", response };
}

/** Whether a value is a whole response, and no event. */
export function isResponse(value: unknown): value is JsonObject {
  if (!isJsonObject(value)) return false;
  return value["object"] === "response" || (value["type"] === undefined && Array.isArray(value["output"]));
}

/** Whether a value is an answer of Chat Completions: its server was asked on the wrong wire (rule 24.8). */
export function isChatAnswer(value: unknown): boolean {
  if (!isJsonObject(value) || typeof value["type"] === "string") return false;
  const { object, choices } = value;
  return Array.isArray(choices) || (typeof object === "string" && object.startsWith("chat.completion"));
}
