import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { hasInexactNumber, restoreNumbers } from "../json/long-numbers.ts";

/**
 * Lists the calls in the history of a parsed body whose inputs have numbers that JavaScript cannot represent exactly.
 */
export function listInexactCalls(body: unknown): PlacedToolUse[] {
  return listToolUses(body).filter(({ block }) => hasInexactNumber(block["input"]));
}

/**
 * Restores these numbers as they were written: an id of 19 digits in a call must stay the same in the history. Changes
 * the calls. `quoted` is the same body with such numbers as strings.
 */
export function restoreCalls(inexact: readonly PlacedToolUse[], quoted: unknown): void {
  const places = new Map(listToolUses(quoted).map(({ place, block }) => [place, block["input"]] as const));
  for (const { place, block } of inexact) block["input"] = restoreNumbers(block["input"], places.get(place));
}

interface PlacedToolUse {
  /** The positions of the message and of the block in it. */
  place: string;
  block: JsonObject;
}

function listToolUses(body: unknown): PlacedToolUse[] {
  const messages = isJsonObject(body) ? body["messages"] : null;
  if (!Array.isArray(messages)) return [];
  const found: PlacedToolUse[] = [];
  for (const [index, message] of messages.entries()) {
    const content: unknown =
      isJsonObject(message) && message["role"] === "assistant" ? message["content"] : null;
    if (!Array.isArray(content)) continue;
    for (const [position, block] of content.entries()) {
      if (isJsonObject(block) && block["type"] === "tool_use") {
        found.push({ place: `${index}.${position}`, block });
      }
    }
  }
  return found;
}
