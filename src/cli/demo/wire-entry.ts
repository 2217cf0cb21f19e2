import { isJsonObject } from "../../json/json-value.ts";

/** One unit of traffic on a wire, in the words and the order of that wire. */
export interface WireEntry {
  direction: "request" | "answer";
  /** `POST /v1/messages`, or the subject of an event or chunk. */
  title: string;
  value: string;
  /** The members of a request, each on a row. */
  fields: readonly WireField[];
}

export interface WireField {
  name: string;
  value: string;
}

/** A value in its wire form, on one line; "" for a value that has no JSON form. */
export function inJson(value: unknown): string {
  return JSON.stringify(value) ?? "";
}

/** `name="value"` for each of the named members that is present. */
export function listMembers(object: unknown, names: readonly string[]): string {
  if (!isJsonObject(object)) return inJson(object);
  return names
    .filter((name) => object[name] !== undefined)
    .map((name) => `${name}=${inJson(object[name])}`)
    .join("  ");
}
