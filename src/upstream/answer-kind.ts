/** What a successful answer turns out to be. `undecided` asks for more of its body. */
export type AnswerKind = "whole" | "events" | "other" | "undecided";

const eventStreamTypes = ["text/event-stream", "application/x-ndjson", "application/jsonl"];
const eventStart = /^(data|event|id|retry)?:/;
const longestEventStart = "event:".length;

/**
 * Says what an answer is by its content type and the start of its body (rule 4.8). A stream that says that it
 * is one is taken at its word, so that nobody waits for its first byte; every other type is looked at, because
 * servers behind proxies mislabel both forms.
 */
export function classifyAnswer(contentType: string, start: string, isWhole: boolean): AnswerKind {
  if (eventStreamTypes.includes(mediaType(contentType))) return "events";
  const text = start.trimStart();
  if (text.startsWith("{") || text.startsWith("[")) return "whole";
  if (eventStart.test(text)) return "events";
  return isWhole || text.length >= longestEventStart ? "other" : "undecided";
}

/** `text/html` of `text/html; charset=utf-8`; `""` of nothing. */
export function mediaType(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}
