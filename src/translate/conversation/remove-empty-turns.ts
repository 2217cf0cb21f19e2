import { addAll } from "../add-all.ts";
import { type FlatTurn, openAssistantItems, openUserItems } from "./flat-turn.ts";
import type { SaidText } from "./said-part.ts";
import type { AssistantTurn } from "./turn.ts";

/** The user's text if the conversation requires one. */
export const continueText: SaidText = { type: "text", text: "(continue)" };

/**
 * Removes empty turns (rule 2.4.5). An empty user turn at either end becomes "(continue)", and so does an empty
 * conversation. The roles alternate in the result.
 */
export function removeEmptyTurns(turns: readonly FlatTurn[]): readonly FlatTurn[] {
  if (isInOrder(turns)) return turns;
  const spoken = mergeTurns(turns.filter((turn) => turn.role === "user" || saysSomething(turn)));
  const filled = spoken.flatMap((turn, index): FlatTurn[] => {
    if (turn.items.length > 0) return [turn];
    const isAtAnEnd = index === 0 || index === spoken.length - 1;
    return isAtAnEnd ? [{ role: "user", items: [continueText] }] : [];
  });
  return filled.length === 0 ? [{ role: "user", items: [continueText] }] : mergeTurns(filled);
}

/** Concatenates neighbours of the same role, as the Anthropic API does (rule 2.4.1). */
function mergeTurns(turns: readonly FlatTurn[]): FlatTurn[] {
  const merged: FlatTurn[] = [];
  for (const turn of turns) {
    if (turn.role === "user") addAll(openUserItems(merged), turn.items);
    else addAll(openAssistantItems(merged), turn.items);
  }
  return merged;
}

function saysSomething(turn: AssistantTurn): boolean {
  return turn.items.some((item) => item.type === "text" || item.type === "tool_use");
}

/** There is nothing to remove or to merge: true for nearly every conversation, which is then not copied. */
function isInOrder(turns: readonly FlatTurn[]): boolean {
  let lastRole = "";
  for (const turn of turns) {
    if (turn.role === lastRole) return false;
    if (turn.role === "user" ? turn.items.length === 0 : !saysSomething(turn)) return false;
    lastRole = turn.role;
  }
  return turns.length > 0;
}
