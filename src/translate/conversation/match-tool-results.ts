import type { ToolResultBlockParam } from "../../anthropic/content-block.ts";
import type { ContentPart } from "../../protocols/chat/chat-request.ts";
import { addAll } from "../add-all.ts";
import type { RequestNotes } from "../request-notes.ts";
import type { SystemEntry, UserTurn } from "./turn.ts";

/** The content of a tool message whose result never came. */
const missingResultText = "[Tool result missing: the call was interrupted]";

/** A user turn, taken apart: results in the order of the calls, then the rest in its own order. */
export interface MatchedTurn {
  /** One for each call. */
  results: ToolResultBlockParam[];
  rest: (ContentPart | SystemEntry)[];
}

/**
 * Gives every call exactly one result, the last that came for it (rules 2.4.2 to 2.4.4). `convertOrphan` says what
 * becomes of a result that answers none of the calls.
 */
export function matchToolResults(
  callIds: readonly string[],
  turn: UserTurn,
  convertOrphan: (result: ToolResultBlockParam) => ContentPart[],
  notes: RequestNotes,
): MatchedTurn {
  const resultOfId = new Map<string, ToolResultBlockParam | null>();
  for (const id of callIds) resultOfId.set(id, null);
  const rest: MatchedTurn["rest"] = [];
  for (const item of turn.items) {
    if (item.type !== "tool_result") rest.push(item);
    else if (resultOfId.has(item.tool_use_id)) resultOfId.set(item.tool_use_id, item);
    else {
      notes.repairs.add(`a tool result without a call became text: ${item.tool_use_id}`);
      addAll(rest, convertOrphan(item));
    }
  }
  const results = callIds.map((id): ToolResultBlockParam => {
    const result = resultOfId.get(id);
    if (result) return result;
    notes.repairs.add(`a tool call had no result: ${id}`);
    return { type: "tool_result", tool_use_id: id, content: missingResultText };
  });
  return { results, rest };
}
