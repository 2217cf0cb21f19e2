import type { ToolUseBlockParam } from "../../anthropic/content-block.ts";
import type { RequestNotes } from "../request-notes.ts";
import type { FlatTurn, FlatUserTurn } from "./flat-turn.ts";
import type { AssistantItem, AssistantTurn } from "./turn.ts";

/** The calls so far. */
interface KnownCalls {
  callOfId: Map<string, ToolUseBlockParam>;
  /** Ids for which a result came. */
  answered: Set<string>;
  /** The number in the last new name of each id. */
  lastNumbers: Map<string, number>;
  /** JSON of the inputs with which later calls were compared: one of megabytes may be compared a thousand times. */
  inputs: Map<ToolUseBlockParam, string | undefined>;
}

/**
 * Returns the turns with every tool use id used once (rule 2.4.4). Drops a call that repeats an answered one, together
 * with its result. A turn with no other content is dropped whole, including its text: Claude Code 1.0.56 sends its
 * first pair of turns twice. Renames any other call with the same id.
 */
export function mendToolIds(turns: readonly FlatTurn[], notes: RequestNotes): readonly FlatTurn[] {
  if (!repeatsAnId(turns)) return turns;
  const known: KnownCalls = {
    callOfId: new Map(),
    answered: new Set(),
    lastNumbers: new Map(),
    inputs: new Map(),
  };
  let newIds = new Map<string, string[]>();
  return turns.flatMap((turn): FlatTurn[] => {
    if (turn.role === "user") return unlessEmptied(turn, renameResults(turn, newIds, known.answered));
    newIds = new Map();
    const renamed = renameCalls(turn, known, newIds, notes);
    return hasCalls(turn) && !hasCalls(renamed) ? [] : [renamed];
  });
}

/** Rarely true; everything below runs only for such conversations. */
function repeatsAnId(turns: readonly FlatTurn[]): boolean {
  const ids = new Set<string>();
  for (const turn of turns) {
    if (turn.role === "user") continue;
    for (const item of turn.items) {
      if (item.type !== "tool_use") continue;
      if (ids.has(item.id)) return true;
      ids.add(item.id);
    }
  }
  return false;
}

function unlessEmptied(before: FlatUserTurn, after: FlatUserTurn): FlatTurn[] {
  return before.items.length > 0 && after.items.length === 0 ? [] : [after];
}

function hasCalls(turn: AssistantTurn): boolean {
  return turn.items.some((item) => item.type === "tool_use");
}

/** Renames repeated calls. Stores the result for each id in `newIds`: empty if the call was dropped. */
function renameCalls(
  turn: AssistantTurn,
  known: KnownCalls,
  newIds: Map<string, string[]>,
  notes: RequestNotes,
): AssistantTurn {
  const { callOfId, answered } = known;
  const items = turn.items.flatMap((item): AssistantItem[] => {
    if (item.type !== "tool_use") return [item];
    const isSettled = newIds.has(item.id) || answered.has(item.id);
    const ids = newIds.get(item.id) ?? [];
    newIds.set(item.id, ids);
    const earlier = callOfId.get(item.id);
    if (earlier !== undefined && isSettled && isSameCall(earlier, item, known)) {
      notes.mended.add(`a repeated tool call was removed: ${item.id}`);
      return [];
    }
    const id = earlier === undefined ? item.id : findFreeId(item.id, known);
    if (id !== item.id) notes.mended.add(`a tool use id was used twice: ${item.id}`);
    callOfId.set(id, item);
    ids.push(id);
    return [id === item.id ? item : { ...item, id }];
  });
  return { role: "assistant", items };
}

/** Assigns the first result of an id to its first call, the second to the second, and surplus ones to the last. */
function renameResults(
  turn: FlatUserTurn,
  newIds: ReadonlyMap<string, string[]>,
  answered: Set<string>,
): FlatUserTurn {
  const seen = new Map<string, number>();
  const items = turn.items.flatMap((item) => {
    const ids = item.type === "tool_result" ? newIds.get(item.tool_use_id) : undefined;
    if (item.type !== "tool_result" || ids === undefined) return [item];
    const position = seen.get(item.tool_use_id) ?? 0;
    seen.set(item.tool_use_id, position + 1);
    const id = ids[Math.min(position, ids.length - 1)];
    if (id === undefined) return [];
    answered.add(id);
    return [id === item.tool_use_id ? item : { ...item, tool_use_id: id }];
  });
  return { role: "user", items };
}

/** `earlier` is compared with every later call of its id, `later` with one. */
function isSameCall(earlier: ToolUseBlockParam, later: ToolUseBlockParam, { inputs }: KnownCalls): boolean {
  if (earlier.name !== later.name) return false;
  if (!inputs.has(earlier)) inputs.set(earlier, JSON.stringify(earlier.input));
  return inputs.get(earlier) === JSON.stringify(later.input);
}

function findFreeId(id: string, { callOfId, lastNumbers }: KnownCalls): string {
  let number = (lastNumbers.get(id) ?? 1) + 1;
  while (callOfId.has(`${id}_${number}`)) number += 1;
  lastNumbers.set(id, number);
  return `${id}_${number}`;
}
