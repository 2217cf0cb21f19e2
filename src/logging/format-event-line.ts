import { escapeControlCharacters } from "./escape-control-characters.ts";
import { foldText } from "./fold-text.ts";
import { formatTimeOfDay, type LineLook } from "./format-request-line.ts";
import type { Style } from "./paint.ts";

const levelStyles: ReadonlyMap<string, Style> = new Map([
  ["WARN", "amber"],
  ["ERROR", "red"],
]);

function formatValue(value: unknown): string {
  if (typeof value === "string") {
    return value;
  }
  try {
    return JSON.stringify(value) ?? "undefined";
  } catch {
    // The value is circular, or a bigint: a log line must not fail.
    return String(value);
  }
}

/**
 * The console's line for an event: time, level, message, and its circumstances as `name=value`. The id of a request is
 * in the log file only, as for the line of a request.
 * @returns one line without its line break; control characters are escaped
 */
export function formatEventLine(
  time: Date,
  level: string,
  event: string,
  { requestId: _, ...fields }: Readonly<Record<string, unknown>>,
): string {
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${formatValue(value)}`);
  return escapeControlCharacters([formatTimeOfDay(time), level, event, ...pairs].join("  "));
}

/**
 * The line of an event as a terminal shows it: folded, and with its level coloured.
 * @param line from `formatEventLine`, with all keys already taken out
 */
export function showEventLine(line: string, level: string, { paint, columns }: LineLook): string {
  const [first = "", ...others] = foldText(line, columns, " ".repeat(10)).split("\n");
  const head = `${paint("grey", first.slice(0, 8))}  ${paint(levelStyles.get(level) ?? "grey", level)}`;
  return [head + first.slice(10 + level.length), ...others].join("\n");
}
