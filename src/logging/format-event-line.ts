import { escapeControlCharacters } from "./escape-control-characters.ts";
import { formatTimeOfDay } from "./format-request-line.ts";

function formatValue(value: unknown): string {
  if (typeof value === "string") {
    return value;
  }
  try {
    return JSON.stringify(value) ?? "undefined";
  } catch {
    // Circular, or a bigint: a log line is no place to fail.
    return String(value);
  }
}

/**
 * The console's line for an event: time, level, what happened, and its circumstances as `name=value`.
 * @returns one line without its line break; control characters are escaped
 */
export function formatEventLine(
  time: Date,
  level: string,
  event: string,
  fields: Readonly<Record<string, unknown>>,
): string {
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${formatValue(value)}`);
  return escapeControlCharacters([formatTimeOfDay(time), level, event, ...pairs].join("  "));
}
