import type { Profile } from "../../../profiles/profile.ts";
import { addAll } from "../../../translate/add-all.ts";
import { matchToolResults } from "../../../translate/conversation/match-tool-results.ts";
import type { UserTurn } from "../../../translate/conversation/turn.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import type { ChatMessage, ContentPart } from "../chat-request.ts";
import { convertOrphanResult, convertToolResult } from "./convert-tool-result.ts";
import { joinParts, joinTexts, onNewLine } from "./join-parts.ts";

/** A call of the assistant turn before, in order. */
export interface OpenCall {
  /** As the client knows it. */
  id: string;
  /** As the upstream knows it. */
  wireId: string;
}

/**
 * The messages of one user turn: tool messages, then what they could not hold and what else was said, `system`
 * entries in their place (rules 2.3, 2.4.2 to 2.4.4).
 */
export function convertUserTurn(
  turn: UserTurn,
  calls: readonly OpenCall[],
  profile: Profile,
  notes: RequestNotes,
): ChatMessage[] {
  const messages: ChatMessage[] = [];
  const attachments: ContentPart[] = [];
  const { results, rest } = matchToolResults(
    calls.map((call) => call.id),
    turn,
    (orphan) => convertOrphanResult(orphan, profile, notes),
    notes,
  );
  for (const [index, result] of results.entries()) {
    const id = calls[index]?.wireId ?? result.tool_use_id;
    const converted = convertToolResult(result, id, profile, notes);
    messages.push(converted.message);
    addAll(attachments, converted.attachments);
  }
  const spoken = convertSpoken([...attachments, ...rest]);
  if (profile.assistantBetweenToolAndUser && messages.length > 0 && spoken[0]?.role === "user") {
    messages.push({ role: "assistant", content: "OK." });
  }
  addAll(messages, spoken);
  return messages;
}

function convertSpoken(items: readonly (ContentPart | UserTurn["items"][number])[]): ChatMessage[] {
  const messages: ChatMessage[] = [];
  let parts: ContentPart[] = [];
  const flush = () => {
    if (parts.length > 0) messages.push({ role: "user", content: joinParts(parts, onNewLine) });
    parts = [];
  };
  for (const item of items) {
    if (item.type === "system_entry") {
      flush();
      messages.push({ role: "system", content: joinTexts(item.parts, onNewLine) });
    } else if (item.type !== "tool_result") parts.push(item);
  }
  flush();
  return messages;
}
