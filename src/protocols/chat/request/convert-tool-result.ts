import type { ToolResultBlockParam } from "../../../anthropic/content-block.ts";
import type { Profile } from "../../../profiles/profile.ts";
import { readContent } from "../../../translate/conversation/read-content.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import type { ContentPart, TextPart, ToolMessage } from "../chat-request.ts";
import { convertCacheMark } from "./convert-cache-mark.ts";
import { joinParts, onNewLine } from "./join-parts.ts";

/** Texts that say of themselves that something failed. */
const saysError = /^(Error|<tool_use_error>|<error>)/;

/** A tool message, and the media that do not fit into it. */
export interface ConvertedToolResult {
  message: ToolMessage;
  /** For a user message after the tool messages: a line that names the result, then its media. */
  attachments: ContentPart[];
}

/** Converts one result (rule 2.3); `toolCallId` is the id on the upstream's wire. */
export function convertToolResult(
  result: ToolResultBlockParam,
  toolCallId: string,
  profile: Profile,
  notes: RequestNotes,
): ConvertedToolResult {
  const parts = convertResultContent(result, profile, notes);
  if (profile.toolMessageContent === "parts") {
    const content = joinParts(markLast(parts, result, profile), onNewLine);
    return { message: { role: "tool", tool_call_id: toolCallId, content }, attachments: [] };
  }
  const texts: TextPart[] = [];
  const media: ContentPart[] = [];
  for (const part of parts) {
    if (part.type === "text") texts.push(part);
    else media.push(part);
  }
  if (media.length > 0) texts.push({ type: "text", text: describeAttachments(media) });
  const content = joinParts(markLast(texts, result, profile), onNewLine);
  const message: ToolMessage = { role: "tool", tool_call_id: toolCallId, content };
  if (media.length === 0) return { message, attachments: [] };
  const label: TextPart = { type: "text", text: `Attachment of tool result ${toolCallId}:` };
  return { message, attachments: [label, ...media] };
}

/** A result that answers no call, as what a user could say (rule 2.4.4). */
export function convertOrphanResult(
  result: ToolResultBlockParam,
  profile: Profile,
  notes: RequestNotes,
): ContentPart[] {
  const [first, ...others] = convertResultContent(result, profile, notes);
  const label = `[Result of an earlier tool call ${result.tool_use_id}]`;
  if (first?.type !== "text") return [{ type: "text", text: label }, ...(first ? [first] : []), ...others];
  return [{ ...first, text: `${label}\n${first.text}` }, ...others];
}

/** At least one part; an error says that it is one. */
function convertResultContent(
  result: ToolResultBlockParam,
  profile: Profile,
  notes: RequestNotes,
): ContentPart[] {
  const converted = readContent(result.content ?? "", profile, notes);
  const parts = converted.length > 0 ? converted : [{ type: "text" as const, text: "(no output)" }];
  if (result.is_error !== true) return parts;
  const [first, ...others] = parts;
  if (first?.type !== "text") return [{ type: "text", text: "Error:" }, ...parts];
  return saysError.test(first.text) ? parts : [{ ...first, text: `Error: ${first.text}` }, ...others];
}

/** A cache mark on the result itself goes to its last part. */
function markLast<Part extends ContentPart>(
  parts: readonly Part[],
  result: ToolResultBlockParam,
  profile: Profile,
): readonly Part[] {
  if (!result.cache_control) return parts;
  const mark = convertCacheMark(result.cache_control, profile);
  return parts.map((part, index) => (index === parts.length - 1 ? { ...part, ...mark } : part));
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
