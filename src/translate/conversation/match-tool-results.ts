import type { ToolResultBlockParam, ToolUseBlockParam } from "../../anthropic/content-block.ts";
import type { MessageTraits } from "../../profiles/model-traits.ts";
import { addAll } from "../add-all.ts";
import type { RequestNotes } from "../request-notes.ts";
import { describeResult } from "./describe-result.ts";
import type { FlatUserTurn } from "./flat-turn.ts";
import { readContent } from "./read-content.ts";
import type { SaidPart, SaidText } from "./said-part.ts";
import type { SaidResult, UserTurn } from "./turn.ts";

/** The content of a result that never came. */
const missingResult: SaidText = {
  type: "text",
  text: "[Tool result missing: the call was interrupted]",
};

/**
 * Returns the turn with exactly one result for every call of the turn before, the last one sent for it, and the rest of
 * its content in the original order (rules 2.4.2 to 2.4.4). Throws ApiError as `readContent` does.
 */
export function matchToolResults(
  { items }: FlatUserTurn,
  calls: readonly ToolUseBlockParam[],
  traits: MessageTraits,
  notes: RequestNotes,
): UserTurn {
  const resultOfId = new Map<string, ToolResultBlockParam | null>();
  for (const { id } of calls) resultOfId.set(id, null);
  const said: UserTurn["said"] = [];
  for (const item of items) {
    if (item.type !== "tool_result") said.push(item);
    else if (resultOfId.has(item.tool_use_id)) resultOfId.set(item.tool_use_id, item);
    else {
      notes.mended.add(`a tool result without a call became text: ${item.tool_use_id}`);
      addAll(said, describeOrphan(item, traits, notes));
    }
  }
  for (const [id, result] of resultOfId) {
    if (result === null) notes.mended.add(`a tool call had no result: ${id}`);
  }
  const results = calls.map(({ id, name }): SaidResult => {
    const result = resultOfId.get(id);
    if (!result) return { callId: id, toolName: name, parts: [missingResult], isError: false };
    const { cache_control: mark } = result;
    const read = readResult(result, traits, notes);
    return { callId: id, toolName: name, ...read, ...(mark && { mark }) };
  });
  return { role: "user", results, said };
}

function readResult(
  { content, is_error }: ToolResultBlockParam,
  traits: MessageTraits,
  notes: RequestNotes,
): Pick<SaidResult, "parts" | "isError"> {
  return { parts: readContent(content ?? "", traits, notes), isError: is_error === true };
}

/** Describes a result that answers no call as a text of the user (rule 2.4.4). */
function describeOrphan(
  result: ToolResultBlockParam,
  traits: MessageTraits,
  notes: RequestNotes,
): readonly SaidPart[] {
  const parts = describeResult(readResult(result, traits, notes));
  const [first, ...others] = parts;
  const label = `[Result of an earlier tool call ${result.tool_use_id}]`;
  if (first?.type !== "text") return [{ type: "text", text: label }, ...parts];
  return [{ ...first, text: `${label}\n${first.text}` }, ...others];
}
