import { isJsonObject, nonEmptyString } from "../../../json/json-value.ts";
import { parseExactJson } from "../../../json/long-numbers.ts";
import { between } from "./scan-text.ts";
import type { WrittenCall } from "./written-call.ts";

/** A call as `{"name":…,"arguments":{…}}`, or null. */
export function callOfValue(value: unknown): WrittenCall | null {
  if (!isJsonObject(value)) return null;
  const name = nonEmptyString(value["name"]);
  return name === undefined ? null : { name, arguments: value["arguments"] ?? value["parameters"] ?? {} };
}

/** One call, or a list of them, as JSON. */
export function readJsonCalls(text: string): WrittenCall[] | null {
  const value = parseExactJson(text);
  return allOf(Array.isArray(value) ? value.map(callOfValue) : [callOfValue(value)]);
}

/** A call alone in a fence of JSON. */
export function readFencedCall(text: string): WrittenCall[] | null {
  const fenced = between(text, "```json\n", "```");
  return fenced === null ? null : allOf([callOfValue(parseExactJson(fenced))]);
}

/** All items, or null if one of them is null. */
export function allOf<Item>(items: readonly (Item | null)[]): Item[] | null {
  const found: Item[] = [];
  for (const item of items) {
    if (item === null) return null;
    found.push(item);
  }
  return found;
}
