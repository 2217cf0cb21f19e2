import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { hasInexactNumber, restoreNumbers } from "../json/long-numbers.ts";
import type { StepRunner } from "../openai/run-steps.ts";

/**
 * Puts the numbers of tool inputs back as they were written where they cannot be told exactly: an id of 19 digits that
 * a call had has to be the same in the history. Changes `body`, which was just parsed. `parseQuoted` parses its text
 * once more, with such numbers as texts; it is asked only where one is there.
 */
export async function keepLongNumbers(
  body: unknown,
  parseQuoted: () => Promise<unknown>,
  runStep: StepRunner,
): Promise<void> {
  const inexact = await runStep(() =>
    listToolUses(body).filter(({ block }) => hasInexactNumber(block["input"])),
  );
  if (inexact.length === 0) return;
  const quoted = await parseQuoted();
  await runStep(() => {
    const places = new Map(listToolUses(quoted).map(({ place, block }) => [place, block["input"]] as const));
    for (const { place, block } of inexact)
      block["input"] = restoreNumbers(block["input"], places.get(place));
  });
}

interface PlacedToolUse {
  /** Of the message and of the block in it. */
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
