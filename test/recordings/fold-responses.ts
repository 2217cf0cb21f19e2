import { isObject, type Json, objectOf, objectsOf } from "../support/strict/json.ts";
import type { FoldedRecording } from "./fold-recording.ts";

/** Splits a recording into its answers: each begins with `response.created`, a whole response is one by itself. */
export function splitAnswers(events: readonly object[]): object[][] {
  const answers: object[][] = [];
  for (const event of events) {
    const isFirst = answers.length === 0 || objectOf(event)["type"] === "response.created";
    if (isFirst) answers.push([event]);
    else answers.at(-1)?.push(event);
  }
  return answers;
}

/**
 * What a recorded answer of the Responses API says, read as plainly as can be and without any of our code: from the
 * deltas of a stream, with what has no deltas from the items that are done, or from a whole response.
 */
export function foldResponses(events: readonly object[]): FoldedRecording {
  const known = events.filter(isObject);
  const first = known[0] ?? {};
  const isWhole = first["object"] === "response";
  const done = known
    .filter(({ type }) => type === "response.output_item.done")
    .map(({ item }) => objectOf(item));
  const items = isWhole ? objectsOf(first["output"]) : done;
  const thinking = items.filter(({ type }) => type === "reasoning").map(thinkingOf);
  const text = items
    .filter(({ type }) => type === "message")
    .map(({ content }) => textsOf(content, "text").join(""));
  const calls = items.filter(({ type }) => type === "function_call");
  const terminal = objectOf(known.findLast(({ response }) => isObject(response))?.["response"]);
  return {
    thinking: thinking.join(""),
    text: text.join(""),
    calls: calls.map(({ name, arguments: json }) => ({
      name: String(name),
      input: JSON.parse(String(json)) as unknown,
    })),
    usage: foldUsage(objectOf((isWhole ? first : terminal)["usage"])),
  };
}

/** The error with which an answer ends, or null. */
export function findFailure(events: readonly object[]): Json | null {
  const event = events.filter(isObject).find(({ type }) => type === "error");
  return event === undefined ? null : objectOf(event["error"]);
}

/** Summary parts, a blank line between them, or the text of the reasoning where there are none. */
function thinkingOf({ summary, content }: Json): string {
  const parts = textsOf(summary, "text");
  return parts.length > 0 ? parts.join("\n\n") : textsOf(content, "text").join("");
}

function textsOf(parts: unknown, member: string): string[] {
  return objectsOf(parts).flatMap((part) => (typeof part[member] === "string" ? [part[member]] : []));
}

function foldUsage(usage: Json): FoldedRecording["usage"] {
  const number = (value: unknown) => (typeof value === "number" ? value : 0);
  const details = objectOf(usage["input_tokens_details"]);
  return {
    prompt: number(usage["input_tokens"]) - number(details["cache_write_tokens"]),
    cached: number(details["cached_tokens"]),
    output: number(usage["output_tokens"]),
  };
}

/**
 * Gives every item and every event another id; those of calls stay, the client gets them. Where events have no index,
 * as at llama.cpp, their ids say which item they are of, so an id has the same new name each time.
 */
export function renameIds(events: readonly object[]): object[] {
  const isIndexed = events.some((event) => "output_index" in event);
  const names = new Map<string, string>();
  let ids = 0;
  return JSON.parse(JSON.stringify(events), (member, value: unknown) => {
    if ((member !== "id" && member !== "item_id") || typeof value !== "string") return value;
    ids += 1;
    const name = (isIndexed ? undefined : names.get(value)) ?? `renamed_${ids}`;
    names.set(value, name);
    return name;
  });
}
