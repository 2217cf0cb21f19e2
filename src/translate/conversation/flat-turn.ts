import type { ToolResultBlockParam } from "../../anthropic/content-block.ts";
import type { SaidPart } from "./said-part.ts";
import type { AssistantItem, AssistantTurn, SystemEntry } from "./turn.ts";

/** A user turn during the repairs: results are where the client put them, and their content is not read yet. */
export interface FlatUserTurn {
  role: "user";
  items: (SaidPart | ToolResultBlockParam | SystemEntry)[];
}

export type FlatTurn = FlatUserTurn | AssistantTurn;

/** The items of the last turn if it is the user's, else of a new one; the caller adds to them. */
export function openUserItems(turns: FlatTurn[]): FlatUserTurn["items"] {
  const last = turns.at(-1);
  if (last?.role === "user") return last.items;
  const items: FlatUserTurn["items"] = [];
  turns.push({ role: "user", items });
  return items;
}

/** The items of the last turn if it is the assistant's, else of a new one; the caller adds to them. */
export function openAssistantItems(turns: FlatTurn[]): AssistantItem[] {
  const last = turns.at(-1);
  if (last?.role === "assistant") return last.items;
  const items: AssistantItem[] = [];
  turns.push({ role: "assistant", items });
  return items;
}
