import { isJsonObject } from "../../../json/json-value.ts";
import type { ResponseEvent } from "../response-event.ts";

/** Whether an event has a call whose arguments are a JSON value instead of the text of one, as some servers send them. */
export function hasArgumentsObject(event: ResponseEvent): boolean {
  const { delta, item, response } = event;
  if (isObject(event.arguments) || isObject(delta) || ofItem(item)) return true;
  const output: unknown = isJsonObject(response) ? response["output"] : undefined;
  return Array.isArray(output) && output.some(ofItem);
}

function ofItem(item: unknown): boolean {
  return isJsonObject(item) && isObject(item["arguments"]);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
