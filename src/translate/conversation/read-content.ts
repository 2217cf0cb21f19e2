import { ApiError } from "../../anthropic/api-error.ts";
import type { ContentBlock, SearchResultBlockParam } from "../../anthropic/content-block.ts";
import { nonEmptyString, textOfScalar } from "../../json/json-value.ts";
import type { MessageTraits } from "../../profiles/model-traits.ts";
import { addAll, type ItemSink } from "../add-all.ts";
import type { RequestNotes } from "../request-notes.ts";
import { quoteAttribute, readDocument } from "./read-document.ts";
import { readImage } from "./read-image.ts";
import { createSaidText, type SaidPart } from "./said-part.ts";

/**
 * The content of a user or a tool as parts (rule 2.2). Leaves out citations, blank texts and blocks that cannot be
 * converted, the latter with a note. Throws ApiError for content that cannot be left out without misleading the model.
 */
export function readContent(
  content: string | readonly ContentBlock[],
  traits: MessageTraits,
  notes: RequestNotes,
): SaidPart[] {
  if (typeof content === "string") return content.trim() === "" ? [] : [{ type: "text", text: content }];
  const parts: SaidPart[] = [];
  for (const block of content) addBlock(parts, block, traits, notes);
  return parts;
}

/** Adds the parts of one block to `parts`, as `readContent` does. */
export function addBlock(
  parts: ItemSink<SaidPart>,
  block: ContentBlock,
  traits: MessageTraits,
  notes: RequestNotes,
): void {
  switch (block.type) {
    case "text":
      if (block.text.trim() !== "") parts.push(createSaidText(block.text, block.cache_control));
      break;
    case "image":
      parts.push(readImage(block, traits, notes));
      break;
    case "document": {
      const readInner = (inner: string | readonly ContentBlock[]) => readContent(inner, traits, notes);
      addAll(parts, readDocument(block, traits, notes, readInner));
      break;
    }
    case "search_result":
      parts.push(createSaidText(describeSearchResult(block), block.cache_control));
      break;
    case "tool_reference":
      parts.push({ type: "text", text: `Tool ${block.tool_name} is now available.` });
      break;
    case "container_upload":
      throw new ApiError("invalid_request_error", "container_upload blocks are not supported by this proxy");
    case "unknown": {
      const text = nonEmptyString(block.original["text"]);
      if (text === undefined) notes.dropped.add(`content block ${textOfScalar(block.original["type"])}`);
      else parts.push({ type: "text", text });
      break;
    }
    case "tool_addition":
    case "tool_removal":
      break;
    default:
      notes.dropped.add(`content block ${block.type} of the user`);
  }
}

function describeSearchResult(block: SearchResultBlockParam): string {
  const text = block.content.map((inner) => inner.text).join("\n");
  const attributes = `source=${quoteAttribute(block.source)} title=${quoteAttribute(block.title)}`;
  return `<search_result ${attributes}>${text}</search_result>`;
}
