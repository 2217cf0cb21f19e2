import type { StreamEvent } from "./stream-event.ts";

/** Characters that JSON leaves as they are but at which Unicode-aware line readers (Python's httpx) end a line. */
const otherLineBreaks = /[\u0085\u2028\u2029]/g;

/**
 * One event as the client's wire carries it. The `event:` line is not optional: clients ignore events without
 * one. `JSON.stringify` of the whole event escapes line feeds and lone surrogates, so the data is one line.
 */
export function encodeEvent(event: StreamEvent): string {
  const data = JSON.stringify(event).replace(otherLineBreaks, escapeCharacter);
  return `event: ${event.type}\ndata: ${data}\n\n`;
}

/** All events as one text, so that they go out in one write. */
export function encodeEvents(events: readonly StreamEvent[]): string {
  let text = "";
  for (const event of events) text += encodeEvent(event);
  return text;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
