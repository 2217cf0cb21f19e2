import type { ApiError } from "./api-error.ts";
import type { BlockDelta, ContentBlockDeltaEvent, ErrorEvent, StreamEvent } from "./stream-event.ts";

/** Characters that JSON leaves unescaped but at which Unicode-aware line readers (Python's httpx) end a line. */
const otherLineBreaks = /[\u0085\u2028\u2029]/g;

/**
 * One event in the form of the client's wire. The `event:` line is not optional: clients ignore events without it. JSON
 * escapes line feeds and lone surrogates, so the data is one line.
 */
export function encodeEvent(event: StreamEvent): string {
  return encodeEvents([event]);
}

/** The event that tells of an error: the upstream's own if it was passed on, else `ours`. */
export function encodeError({ passed }: Pick<ApiError, "passed">, ours: ErrorEvent): string {
  if (passed === null || passed.event === null) return encodeEvent(ours);
  return `event: error\ndata: ${JSON.stringify(passed.event)}\n\n`.replace(otherLineBreaks, escapeCharacter);
}

/** All events as one text, so that one write sends them. */
export function encodeEvents(events: readonly StreamEvent[]): string {
  let text = "";
  for (const event of events) {
    const data = event.type === "content_block_delta" ? encodeDelta(event) : JSON.stringify(event);
    text += `event: ${event.type}\ndata: ${data}\n\n`;
  }
  return text.replace(otherLineBreaks, escapeCharacter);
}

/** Gives what `JSON.stringify` would, for nearly all events of a stream; only the text needs escaping. */
function encodeDelta({ index, delta }: ContentBlockDeltaEvent): string {
  return `{"type":"content_block_delta","index":${index},"delta":${encodeBlockDelta(delta)}}`;
}

function encodeBlockDelta(delta: BlockDelta): string {
  switch (delta.type) {
    case "text_delta":
      return `{"type":"text_delta","text":${JSON.stringify(delta.text)}}`;
    case "thinking_delta":
      return `{"type":"thinking_delta","thinking":${JSON.stringify(delta.thinking)}}`;
    case "input_json_delta":
      return `{"type":"input_json_delta","partial_json":${JSON.stringify(delta.partial_json)}}`;
    case "signature_delta":
      return JSON.stringify(delta);
  }
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
