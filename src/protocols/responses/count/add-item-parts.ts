import { isJsonObject, type JsonObject, nonEmptyString } from "../../../json/json-value.ts";
import { readsAllReasoning } from "../../../profiles/model-generation.ts";
import {
  addDocumentPart,
  addImagePart,
  addMessagePart,
  addResultOverhead,
  addToolCall,
} from "../../../tokens/add-request-parts.ts";
import { countBlobTokens } from "../../../tokens/count-blob-tokens.ts";
import { addText, createPart, type RequestPart } from "../../../tokens/request-part.ts";

/**
 * Adds the input items of a responses request to `parts`: a part for each with its text, and one for each image and
 * document. This runs for every item of every request, so it loops over the existing values and creates no lists.
 */
export function addItemParts(parts: RequestPart[], items: readonly unknown[], model: string): void {
  // Most models read no blob of an earlier turn again.
  const firstBlob = readsAllReasoning(model) ? 0 : items.findLastIndex(isOfUser);
  for (const [index, item] of items.entries()) {
    if (isJsonObject(item))
      addItem(parts, item, { position: index + 1, model, readsBlob: index >= firstBlob });
  }
}

interface ItemPlace {
  /** The item's position, from 1. */
  position: number;
  model: string;
  readsBlob: boolean;
}

function isOfUser(item: unknown): boolean {
  return isJsonObject(item) && item["role"] === "user";
}

function addItem(parts: RequestPart[], item: JsonObject, place: ItemPlace): void {
  const { position } = place;
  switch (item["type"]) {
    case "reasoning": {
      const main = createPart("message", `item ${position} (reasoning)`, 0);
      parts.push(main);
      addReasoning(main, item, place.readsBlob);
      return;
    }
    case "function_call": {
      const main = createPart("message", `item ${position} (function_call)`, 0);
      parts.push(main);
      addToolCall(main, item["name"], item["arguments"]);
      return;
    }
    case "function_call_output": {
      const main = addMessagePart(parts, "tool", `item ${position} (function_call_output)`);
      addResultOverhead(main);
      addContent(parts, main, item["output"], place);
      return;
    }
    default: {
      // A message may come without its type.
      const role = nonEmptyString(item["role"]) ?? "unknown";
      const main = addMessagePart(parts, role, `item ${position} (${role})`);
      addContent(parts, main, item["content"], place);
    }
  }
}

function addContent(parts: RequestPart[], main: RequestPart, content: unknown, place: ItemPlace): void {
  addText(main, content);
  if (!Array.isArray(content)) return;
  for (const part of content) {
    if (!isJsonObject(part)) continue;
    addText(main, part["text"]);
    if (part["type"] === "input_image")
      addImagePart(parts, part["image_url"], `item ${place.position}`, place.model);
    if (part["type"] === "input_file")
      addDocumentPart(parts, part["file_data"] ?? part["file_url"], `item ${place.position}`);
  }
}

/** Adds reasoning as text, or by the length of its blob, which holds the same text and more. */
function addReasoning(main: RequestPart, item: JsonObject, readsBlob: boolean): void {
  const { encrypted_content: blob, content } = item;
  if (nonEmptyString(blob) !== undefined) {
    if (readsBlob) main.fixedTokens += countBlobTokens(blob);
    return;
  }
  if (!Array.isArray(content)) return;
  for (const part of content) if (isJsonObject(part)) addText(main, part["text"]);
}
