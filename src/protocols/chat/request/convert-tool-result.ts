import type { ChatMessageDialect } from "../../../profiles/chat-dialect.ts";
import type { Profile } from "../../../profiles/profile.ts";
import { describeResult } from "../../../translate/conversation/describe-result.ts";
import type { CacheMark } from "../../../translate/conversation/said-part.ts";
import type { SaidResult } from "../../../translate/conversation/turn.ts";
import type { ContentPart, TextPart, ToolMessage } from "../chat-request.ts";
import { convertCacheMark } from "./convert-cache-mark.ts";
import { convertPart } from "./convert-part.ts";
import { joinParts, onNewLine } from "./join-parts.ts";

/** A tool message, and the media that it cannot contain. */
export interface ConvertedToolResult {
  message: ToolMessage;
  /** For a user message after the tool messages: a line that names the result, then its media. */
  attachments: ContentPart[];
}

/** Converts one result (rule 2.3); `toolCallId` is the id on the upstream's wire. */
export function convertToolResult(
  result: SaidResult,
  toolCallId: string,
  profile: Profile,
): ConvertedToolResult {
  const dialect = profile.chat.messages;
  const parts = describeResult(result).map((part) => convertPart(part, profile));
  if (dialect.toolMessageContent === "parts") {
    const content = joinParts(markLast(parts, result.mark, dialect), onNewLine);
    return { message: { role: "tool", tool_call_id: toolCallId, content }, attachments: [] };
  }
  const texts: TextPart[] = [];
  const media: ContentPart[] = [];
  for (const part of parts) {
    if (part.type === "text") texts.push(part);
    else media.push(part);
  }
  if (media.length > 0) texts.push({ type: "text", text: describeAttachments(media) });
  const content = joinParts(markLast(texts, result.mark, dialect), onNewLine);
  const message: ToolMessage = { role: "tool", tool_call_id: toolCallId, content };
  if (media.length === 0) return { message, attachments: [] };
  const label: TextPart = { type: "text", text: `Attachment of tool result ${toolCallId}:` };
  return { message, attachments: [label, ...media] };
}

/** Puts a cache mark of the result itself on its last part. */
function markLast<Part extends ContentPart>(
  parts: readonly Part[],
  mark: CacheMark | undefined,
  dialect: ChatMessageDialect,
): readonly Part[] {
  if (mark === undefined) return parts;
  const converted = convertCacheMark(mark, dialect);
  return parts.map((part, index) => (index === parts.length - 1 ? { ...part, ...converted } : part));
}

function describeAttachments(media: readonly ContentPart[]): string {
  const images = media.filter((part) => part.type === "image_url").length;
  const counts = [
    ...(images > 0 ? [images === 1 ? "1 image" : `${images} images`] : []),
    ...(media.length > images
      ? [media.length - images === 1 ? "1 document" : `${media.length - images} documents`]
      : []),
  ];
  return `[${counts.join(" and ")} attached in the next message]`;
}
