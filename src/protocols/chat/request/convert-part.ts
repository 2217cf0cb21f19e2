import type { ChatMessageDialect } from "../../../profiles/chat-dialect.ts";
import type { Profile } from "../../../profiles/profile.ts";
import {
  type SaidDocument,
  type SaidPart,
  type SaidText,
  urlOf,
} from "../../../translate/conversation/said-part.ts";
import type { ContentPart, TextPart } from "../chat-request.ts";
import { convertCacheMark } from "./convert-cache-mark.ts";

/** Converts a part of a user's or a tool's content to a content part (rule 2.2). */
export function convertPart(part: SaidPart, profile: Profile): ContentPart {
  switch (part.type) {
    case "text":
      return convertText(part, profile.chat.messages);
    case "image": {
      const image_url = { url: urlOf(part.source) };
      return { type: "image_url", image_url, ...convertCacheMark(part.mark, profile.chat.messages) };
    }
    case "document":
      return convertDocument(part, profile);
  }
}

/** Converts a text to a content part: returns the same object if it has no mark, like most texts. */
export function convertText(text: SaidText, dialect: ChatMessageDialect): TextPart {
  if (text.mark === undefined) return text;
  return { type: "text", text: text.text, ...convertCacheMark(text.mark, dialect) };
}

function convertDocument({ source, title, mark }: SaidDocument, profile: Profile): ContentPart {
  const url = urlOf(source);
  if (profile.traits.messages.pdf === "document_url") {
    return { type: "document_url", document_url: url, ...(title !== null && { document_name: title }) };
  }
  const file = { filename: title ?? "document.pdf", file_data: url };
  return { type: "file", file, ...convertCacheMark(mark, profile.chat.messages) };
}
