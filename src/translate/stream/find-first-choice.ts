import { isJsonObject } from "../../json/json-value.ts";
import type { ChatChoice } from "../../openai/chat-response.ts";

/**
 * The choice that counts, of a chunk or a completion: the one with index 0, which some servers leave out; null
 * when there is none. `onOther` is called for every choice before it that is passed over.
 */
export function findFirstChoice(choices: unknown, onOther: () => void): ChatChoice | null {
  if (!Array.isArray(choices)) return null;
  for (const choice of choices) {
    if (!isJsonObject(choice)) continue;
    const index = choice["index"];
    if (index === undefined || index === null || index === 0) return choice;
    onOther();
  }
  return null;
}
