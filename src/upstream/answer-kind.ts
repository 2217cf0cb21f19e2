import { readWholeNumber } from "../json/whole-number.ts";
import type { UpstreamLimits } from "./upstream-limits.ts";

/** The form of a successful answer. `undecided` means that more of its body is needed. */
export type AnswerKind = "whole" | "events" | "other" | "undecided";

const eventStreamTypes = ["text/event-stream", "application/x-ndjson", "application/jsonl"];
const eventStart = /^(data|event|id|retry)?:/;
const longestEventStart = "event:".length;

/**
 * Determines the form of an answer by its content type and the start of its body (rule 4.8). The content type of a
 * stream is believed, so that nobody waits for its first byte. For every other type the body is checked, because
 * servers behind proxies mislabel both forms.
 */
export function classifyAnswer(contentType: string, start: string, isWhole: boolean): AnswerKind {
  if (eventStreamTypes.includes(mediaType(contentType))) return "events";
  const text = start.trimStart();
  if (text.startsWith("{") || text.startsWith("[")) return "whole";
  if (eventStart.test(text)) return "events";
  return isWhole || text.length >= longestEventStart ? "other" : "undecided";
}

/** `text/html` for `text/html; charset=utf-8`; `""` for an empty header. */
export function mediaType(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}

/** Whole answers up to this length are read at once. */
const shortBodyBytes = 64 * 1024;

/** Whether the body is JSON and known to be short: then it need not be watched while it arrives. */
export function isShortJson(
  headers: Headers,
  { wholeBodyBytes }: Pick<UpstreamLimits, "wholeBodyBytes">,
): boolean {
  const bodyBytes = readWholeNumber(headers.get("content-length"));
  if (bodyBytes === null || bodyBytes > Math.min(shortBodyBytes, wholeBodyBytes)) return false;
  // A compressed body may have any length.
  return (
    mediaType(headers.get("content-type") ?? "") === "application/json" && !headers.has("content-encoding")
  );
}
