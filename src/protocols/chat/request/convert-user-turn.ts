import type { Profile } from "../../../profiles/profile.ts";
import { addAll } from "../../../translate/add-all.ts";
import { groupSaid, isSystemEntry } from "../../../translate/conversation/group-said.ts";
import { onNewLine } from "../../../translate/conversation/join-texts.ts";
import type { SaidPart } from "../../../translate/conversation/said-part.ts";
import type { UserTurn } from "../../../translate/conversation/turn.ts";
import type { ToolIds } from "../../../translate/tools/tool-ids.ts";
import type { ChatMessage } from "../chat-request.ts";
import { convertPart, convertText } from "./convert-part.ts";
import { convertToolResult } from "./convert-tool-result.ts";
import { joinParts, joinTexts } from "./join-parts.ts";

/**
 * The messages of one user turn: tool messages, then the media that they cannot contain and the rest of the turn, with
 * `system` entries in their place (rules 2.3, 2.4.2 to 2.4.4).
 */
export function convertUserTurn(turn: UserTurn, toolIds: ToolIds, profile: Profile): ChatMessage[] {
  const messages: ChatMessage[] = [];
  const attachments: SaidPart[] = [];
  for (const result of turn.results) {
    // The call already has its id, so the name from which an id may be made does not matter.
    const converted = convertToolResult(result, toolIds(result.callId, result.toolName), profile);
    messages.push(converted.message);
    addAll(attachments, converted.attachments);
  }
  const spoken = convertSpoken(attachments, turn.said, profile);
  if (
    profile.chat.messages.assistantBetweenToolAndUser &&
    messages.length > 0 &&
    spoken[0]?.role === "user"
  ) {
    messages.push({ role: "assistant", content: "OK." });
  }
  addAll(messages, spoken);
  return messages;
}

function convertSpoken(
  attachments: readonly SaidPart[],
  said: UserTurn["said"],
  profile: Profile,
): ChatMessage[] {
  return groupSaid(attachments, said).map((group): ChatMessage => {
    if (isSystemEntry(group)) {
      const texts = group.parts.map((part) => convertText(part, profile.chat.messages));
      return { role: "system", content: joinTexts(texts, onNewLine) };
    }
    const parts = group.map((part) => convertPart(part, profile));
    return { role: "user", content: joinParts(parts, onNewLine) };
  });
}
