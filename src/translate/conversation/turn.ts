import type {
  RedactedThinkingBlockParam,
  TextBlockParam,
  ThinkingBlockParam,
  ToolResultBlockParam,
  ToolUseBlockParam,
} from "../../anthropic/content-block.ts";
import type { ContentPart, TextPart } from "../../protocols/chat/chat-request.ts";
import { addAll } from "../add-all.ts";

/** A `system` message inside the conversation, for upstreams that take one there. */
export interface SystemEntry {
  type: "system_entry";
  parts: TextPart[];
}

/** All that stands between two assistant turns; content is converted already. */
export interface UserTurn {
  role: "user";
  items: (ContentPart | ToolResultBlockParam | SystemEntry)[];
}

export type AssistantItem =
  | TextBlockParam
  | ToolUseBlockParam
  | ThinkingBlockParam
  | RedactedThinkingBlockParam;

export interface AssistantTurn {
  role: "assistant";
  items: AssistantItem[];
}

/** A conversation is a list of these in which the roles alternate. */
export type Turn = UserTurn | AssistantTurn;

/** The items of the last turn if it is the user's, else of a new one: to be added to. */
export function openUserItems(turns: Turn[]): UserTurn["items"] {
  const last = turns.at(-1);
  if (last?.role === "user") return last.items;
  const items: UserTurn["items"] = [];
  turns.push({ role: "user", items });
  return items;
}

/** The items of the last turn if it is the assistant's, else of a new one: to be added to. */
export function openAssistantItems(turns: Turn[]): AssistantItem[] {
  const last = turns.at(-1);
  if (last?.role === "assistant") return last.items;
  const items: AssistantItem[] = [];
  turns.push({ role: "assistant", items });
  return items;
}

/** Concatenates neighbours of the same role, as the Anthropic API does (rule 2.4.1). */
function mergeTurns(turns: readonly Turn[]): Turn[] {
  const merged: Turn[] = [];
  for (const turn of turns) {
    if (turn.role === "user") addAll(openUserItems(merged), turn.items);
    else addAll(openAssistantItems(merged), turn.items);
  }
  return merged;
}

/** What a user says where the conversation needs him to say something. */
export const continuePart: TextPart = { type: "text", text: "(continue)" };

/**
 * Removes turns that say nothing (rule 2.4.5). An empty user turn at either end becomes "(continue)", and so does
 * a conversation of nothing at all. The roles alternate in the result.
 */
export function removeEmptyTurns(turns: readonly Turn[]): readonly Turn[] {
  if (isInOrder(turns)) return turns;
  const spoken = mergeTurns(turns.filter((turn) => turn.role === "user" || saysSomething(turn)));
  const filled = spoken.flatMap((turn, index): Turn[] => {
    if (turn.items.length > 0) return [turn];
    const isAtAnEnd = index === 0 || index === spoken.length - 1;
    return isAtAnEnd ? [{ role: "user", items: [continuePart] }] : [];
  });
  return filled.length === 0 ? [{ role: "user", items: [continuePart] }] : mergeTurns(filled);
}

function saysSomething(turn: AssistantTurn): boolean {
  return turn.items.some((item) => item.type === "text" || item.type === "tool_use");
}

/** Nothing is to be removed or merged: so it is with nearly every conversation, which then is not copied. */
function isInOrder(turns: readonly Turn[]): boolean {
  let lastRole = "";
  for (const turn of turns) {
    if (turn.role === lastRole) return false;
    if (turn.role === "user" ? turn.items.length === 0 : !saysSomething(turn)) return false;
    lastRole = turn.role;
  }
  return turns.length > 0;
}
