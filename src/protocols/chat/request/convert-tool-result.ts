import type { ChatMessageDialect } from "../../../profiles/chat-dialect.ts";
import type { Profile } from "../../../profiles/profile.ts";
import {
  describeResult,
  detachMedia,
  labelAttachments,
} from "../../../translate/conversation/describe-result.ts";
import { onNewLine } from "../../../translate/conversation/join-texts.ts";
import type { CacheMark, SaidPart } from "../../../translate/conversation/said-part.ts";
import type { SaidResult } from "../../../translate/conversation/turn.ts";
import type { ContentPart, ToolMessage } from "../chat-request.ts";
import { convertCacheMark } from "./convert-cache-mark.ts";
import { convertPart } from "./convert-part.ts";
import { joinParts } from "./join-parts.ts";

/** A tool message, and the media that it cannot contain. */
export interface ConvertedToolResult {
  message: ToolMessage;
  /** For a user message after the tool messages: a line that names the result, then its media. */
  attachments: readonly SaidPart[];
}

/** Converts one result (rule 2.3); `toolCallId` is the id on the upstream's wire. */
export function convertToolResult(
  result: SaidResult,
  toolCallId: string,
  profile: Profile,
): ConvertedToolResult {
  const dialect = profile.chat.messages;
  const takesParts = dialect.toolMessageContent === "parts";
  const { kept, media } = detachMedia(describeResult(result), () => !takesParts);
  const parts = kept.map((part) => convertPart(part, profile));
  const content = joinParts(markLast(parts, result.mark, dialect), onNewLine);
  const message: ToolMessage = { role: "tool", tool_call_id: toolCallId, content };
  return { message, attachments: media.length === 0 ? [] : [labelAttachments(toolCallId), ...media] };
}

/** Puts a cache mark of the result itself on its last part. */
function markLast(
  parts: readonly ContentPart[],
  mark: CacheMark | undefined,
  dialect: ChatMessageDialect,
): readonly ContentPart[] {
  if (mark === undefined) return parts;
  const converted = convertCacheMark(mark, dialect);
  return parts.map((part, index) => (index === parts.length - 1 ? { ...part, ...converted } : part));
}
