import type { ConversationRequest } from "../../anthropic/messages-request.ts";
import { isJsonObject } from "../../json/json-value.ts";
import type { FlatTurn } from "./flat-turn.ts";
import { readContextEdits } from "./read-context-edits.ts";
import type { AssistantItem } from "./turn.ts";

/**
 * Returns the turns with thinking only in the last ones that have any; the client's `clear_thinking_20251015` gives
 * their number (rule 1.1 `context_management`). Keeps all thinking without such an edit or with `keep: "all"`.
 */
export function clearOldThinking(
  turns: readonly FlatTurn[],
  request: Pick<ConversationRequest, "context_management">,
): readonly FlatTurn[] {
  let kept = findKeptTurns(request);
  if (kept === Number.POSITIVE_INFINITY) return turns;
  const cleared = turns.toReversed().map((turn): FlatTurn => {
    if (turn.role === "user" || !turn.items.some(isThinking)) return turn;
    kept -= 1;
    return kept >= 0 ? turn : { ...turn, items: turn.items.filter((item) => !isThinking(item)) };
  });
  return cleared.reverse();
}

function findKeptTurns(request: Pick<ConversationRequest, "context_management">): number {
  const edit = readContextEdits(request).find(({ type }) => type === "clear_thinking_20251015");
  const keep = isJsonObject(edit?.["keep"]) ? edit["keep"]["value"] : edit?.["keep"];
  return typeof keep === "number" ? keep : Number.POSITIVE_INFINITY;
}

function isThinking(item: AssistantItem): boolean {
  return item.type === "thinking" || item.type === "redacted_thinking";
}
