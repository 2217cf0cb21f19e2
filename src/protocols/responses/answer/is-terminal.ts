import type { ResponseEvent } from "../response-event.ts";

const types: readonly unknown[] = [
  "response.completed",
  "response.incomplete",
  "response.failed",
  // xAI, and all over WebSockets.
  "response.done",
];

/** Whether an event is the last of its answer. */
export function isTerminal({ type, delta }: ResponseEvent): boolean {
  // No delta is one, and nearly all events are deltas.
  return delta === undefined && types.includes(type);
}
