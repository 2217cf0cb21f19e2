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
