import { isJsonObject, type JsonObject, nonEmptyString } from "../../json/json-value.ts";

/** What a refusal says of the thinking in a request that was passed on. */
export type ThinkingFault =
  /** Its blocks were made elsewhere, or are not as they were. */
  | "unreadable"
  /** The turn that goes on must begin with thinking, unless thinking is off. */
  | "missing";

const unreadable =
  /invalid\W+(?:signature|data)\W+in\W+(?:redacted_)?thinking|thinking\.(?:signature|data)\b|thinking_signature|thinking\W+blocks\b[^\n]*cannot be modified/i;
const missing = /expected\W+thinking\b|must start with a thinking block/i;

/** The fault that Anthropic's words name, if it is one that the request without its thinking does not have; else null. */
export function findThinkingFault(text: string): ThinkingFault | null {
  // The words for a missing block also name the other kinds of blocks.
  if (missing.test(text)) return "missing";
  return unreadable.test(text) ? "unreadable" : null;
}

/** The top-level members of a request that asks for no thinking: null for those that are left out then. */
export function membersWithoutThinking({ context_management: managed }: JsonObject): Map<string, unknown> {
  const members = new Map<string, unknown>([["thinking", null]]);
  const edits = isJsonObject(managed) ? managed["edits"] : null;
  if (!isJsonObject(managed) || !Array.isArray(edits)) return members;
  const kept = edits.filter((edit: unknown) => !clearsThinking(edit));
  // To clear thinking is refused where there is none.
  if (kept.length < edits.length)
    members.set("context_management", kept.length === 0 ? null : { ...managed, edits: kept });
  return members;
}

function clearsThinking(edit: unknown): boolean {
  return isJsonObject(edit) && nonEmptyString(edit["type"])?.startsWith("clear_thinking") === true;
}
