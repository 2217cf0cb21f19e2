import { isJsonObject } from "../../../json/json-value.ts";
import type { ChatChoice } from "../chat-response.ts";

/**
 * The choice of a chunk or a completion that counts: the first one with index 0, which some servers leave out; null if
 * there is none. `onOther` is called for every other choice, with a number that is the same in every chunk.
 */
export function findFirstChoice(
  choices: unknown,
  onOther: (choice: ChatChoice, number: number) => void,
): ChatChoice | null {
  if (!Array.isArray(choices)) return null;
  let first: ChatChoice | null = null;
  // An index loop, because this runs for every chunk: `entries()` would create pairs each time.
  for (let position = 0; position < choices.length; position += 1) {
    const choice: unknown = choices[position];
    if (!isJsonObject(choice)) continue;
    const index = choice["index"];
    const isFirst = index === undefined || index === null || index === 0;
    if (isFirst && first === null) first = choice;
    else onOther(choice, typeof index === "number" && !isFirst ? index : position);
  }
  return first;
}
