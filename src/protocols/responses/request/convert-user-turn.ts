import type { ResponsesMessageDialect } from "../../../profiles/responses-dialect.ts";
import { addAll } from "../../../translate/add-all.ts";
import {
  describeResult,
  detachMedia,
  labelAttachments,
  type SaidMedia,
} from "../../../translate/conversation/describe-result.ts";
import { groupSaid, isSystemEntry } from "../../../translate/conversation/group-said.ts";
import { joinTexts, onNewLine } from "../../../translate/conversation/join-texts.ts";
import type { SaidPart } from "../../../translate/conversation/said-part.ts";
import type { UserTurn } from "../../../translate/conversation/turn.ts";
import type { ToolIds } from "../../../translate/tools/tool-ids.ts";
import type { InputItem, MessageItem } from "../responses-request.ts";
import { convertContent } from "./convert-part.ts";

/**
 * The input items of one user turn: the outputs of all calls, then the media that they cannot contain and the rest of
 * the turn, with `system` entries in their place (rules 22.1, 22.2).
 */
export function convertUserTurn(
  turn: UserTurn,
  toolIds: ToolIds,
  { toolOutput }: Pick<ResponsesMessageDialect, "toolOutput">,
): InputItem[] {
  const items: InputItem[] = [];
  const attachments: SaidPart[] = [];
  const isDetached = ({ type }: SaidMedia) =>
    toolOutput === "text" || (toolOutput === "images" && type === "document");
  for (const result of turn.results) {
    // The call already has its id, so the name from which an id may be made does not matter.
    const callId = toolIds(result.callId, result.toolName);
    const { kept, media } = detachMedia(describeResult(result), isDetached);
    items.push({ type: "function_call_output", call_id: callId, output: convertContent(kept) });
    if (media.length > 0) addAll(attachments, [labelAttachments(callId), ...media]);
  }
  addAll(items, groupSaid(attachments, turn.said).map(convertGroup));
  return items;
}

function convertGroup(group: ReturnType<typeof groupSaid>[number]): MessageItem {
  if (!isSystemEntry(group)) return { type: "message", role: "user", content: convertContent(group) };
  const texts = group.parts.map(({ text }) => text);
  return { type: "message", role: "developer", content: joinTexts(texts, onNewLine) };
}
