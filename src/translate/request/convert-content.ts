import { ApiError } from "../../anthropic/api-error.ts";
import type { ContentBlock, SearchResultBlockParam } from "../../anthropic/content-block.ts";
import { nonEmptyString, textOfScalar } from "../../json/json-value.ts";
import type { ContentPart } from "../../openai/chat-request.ts";
import type { Profile } from "../../profiles/profile.ts";
import { createTextPart } from "./convert-cache-mark.ts";
import { convertDocument, quoteAttribute } from "./convert-document.ts";
import { convertImage } from "./convert-image.ts";
import type { RequestNotes } from "./request-notes.ts";

/**
 * What a user or a tool says, as parts (rule 2.2). Blank texts and blocks that cannot be said are left out, the
 * latter with a note; citations go. Throws ApiError for content that cannot be left out without misleading.
 */
export function convertContent(
  content: string | readonly ContentBlock[],
  profile: Profile,
  notes: RequestNotes,
): ContentPart[] {
  if (typeof content === "string") return content.trim() === "" ? [] : [{ type: "text", text: content }];
  return content.flatMap((block) => convertBlock(block, profile, notes));
}

function convertBlock(block: ContentBlock, profile: Profile, notes: RequestNotes): ContentPart[] {
  switch (block.type) {
    case "text":
      if (block.text.trim() === "") return [];
      return [createTextPart(block.text, block.cache_control, profile)];
    case "image":
      return [convertImage(block, profile, notes)];
    case "document":
      return convertDocument(block, profile, notes, (inner) => convertContent(inner, profile, notes));
    case "search_result":
      return [createTextPart(describeSearchResult(block), block.cache_control, profile)];
    case "tool_reference":
      return [{ type: "text", text: `Tool ${block.tool_name} is now available.` }];
    case "container_upload":
      throw new ApiError("invalid_request_error", "container_upload blocks are not supported by this proxy");
    case "unknown": {
      const text = nonEmptyString(block.original["text"]);
      if (text !== undefined) return [{ type: "text", text }];
      notes.dropped.add(`content block ${textOfScalar(block.original["type"])}`);
      return [];
    }
    case "tool_addition":
    case "tool_removal":
      return [];
    default:
      notes.dropped.add(`content block ${block.type} of the user`);
      return [];
  }
}

function describeSearchResult(block: SearchResultBlockParam): string {
  const text = block.content.map((inner) => inner.text).join("\n");
  const attributes = `source=${quoteAttribute(block.source)} title=${quoteAttribute(block.title)}`;
  return `<search_result ${attributes}>${text}</search_result>`;
}
