import { isObject } from "../support/strict/json.ts";
import { foldRecording } from "./fold-recording.ts";

/** Members whose values are words of the wire or public names. */
const common = new Set(["finish_reason", "model", "object"]);

/** What a fixture has in common with a recording and should not: four words in a row, long strings, large numbers. */
export function quotesOf(fixture: readonly unknown[], recording: readonly unknown[]): string[] {
  const known = new Set([...phrasesOf(recording), ...marksOf(recording, "")]);
  return [...phrasesOf(fixture), ...marksOf(fixture, "")].filter((quote) => known.has(quote));
}

function phrasesOf(chunks: readonly unknown[]): string[] {
  const { thinking, text, calls } = foldRecording(chunks);
  const words =
    [thinking, text, JSON.stringify(calls)]
      .join(" ")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(3).map((_, index) => words.slice(index, index + 4).join(" "));
}

/** Identifiers, addresses, times and the like: strings of ten characters and more, and numbers of five digits. */
function marksOf(value: unknown, name: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => marksOf(item, name));
  if (isObject(value)) return Object.entries(value).flatMap(([key, item]) => marksOf(item, key));
  const isMark =
    typeof value === "string" ? value.length >= 10 : typeof value === "number" && value >= 10_000;
  return isMark && !common.has(name) ? [String(value)] : [];
}
