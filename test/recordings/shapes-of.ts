import { isObject } from "../support/strict/json.ts";

/** Members with few possible values: the value belongs to the shape. */
const closed = new Set(["finish_reason", "object", "role", "service_tier", "type"]);

/**
 * The shapes of the chunks, each once, in the order of their first chunk. A shape has the members of a chunk in their
 * order, with the type of each value; an empty string is a type of its own, since servers give it a meaning.
 */
export function shapesOf(chunks: readonly unknown[]): string[] {
  return [...new Set(chunks.map((chunk) => shapeOf(chunk, "")))];
}

function shapeOf(value: unknown, name: string): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map((item) => shapeOf(item, name)))].join("|")}]`;
  if (isObject(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}:${shapeOf(item, key)}`)
      .join(",")}}`;
  if (value === null) return "null";
  return value === "" || closed.has(name) ? JSON.stringify(value) : typeof value;
}
