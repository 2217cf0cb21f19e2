import type { StreamEvent } from "./stream-event.ts";

/**
 * One event as the client's wire carries it. The `event:` line is not optional: clients ignore events without
 * one. `JSON.stringify` of the whole event keeps the data on one line and escapes lone surrogates.
 */
export function encodeEvent(event: StreamEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** All events as one text, so that they go out in one write. */
export function encodeEvents(events: readonly StreamEvent[]): string {
  let text = "";
  for (const event of events) text += encodeEvent(event);
  return text;
}
