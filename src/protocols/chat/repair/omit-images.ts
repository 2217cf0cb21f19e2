import { onNewLine } from "../../../translate/conversation/join-texts.ts";
import { omittedImageText } from "../../../translate/conversation/read-image.ts";
import type { ChatMessage, ChatRequest, ContentPart } from "../chat-request.ts";
import { joinParts } from "../request/join-parts.ts";

/** True if a message of the user or a tool contains an image. */
export function hasImage({ role, content }: ChatMessage): boolean {
  if (role !== "user" && role !== "tool") return false;
  return Array.isArray(content) && content.some((part) => part.type === "image_url");
}

/** The chat request with text in place of its images (rule 2.2); the same object if it has none. */
export function omitImages(sent: ChatRequest): ChatRequest {
  return sent.messages.some(hasImage) ? { ...sent, messages: sent.messages.map(omitFrom) } : sent;
}

function omitFrom(message: ChatMessage): ChatMessage {
  switch (message.role) {
    case "user":
      return hasImage(message) ? { ...message, content: withoutImages(message.content) } : message;
    case "tool":
      return hasImage(message) ? { ...message, content: withoutImages(message.content) } : message;
    case "system":
    case "developer":
    case "assistant":
      return message;
  }
}

/** A model that only reads text may require it as a string. */
function withoutImages(content: string | ContentPart[]): string | ContentPart[] {
  return typeof content === "string" ? content : joinParts(content.map(toText), onNewLine);
}

function toText(part: ContentPart): ContentPart {
  if (part.type !== "image_url") return part;
  const { cache_control } = part;
  return { type: "text", text: omittedImageText, ...(cache_control && { cache_control }) };
}
