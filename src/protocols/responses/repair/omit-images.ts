import { joinTexts, onNewLine } from "../../../translate/conversation/join-texts.ts";
import { omittedImageText } from "../../../translate/conversation/read-image.ts";
import type { InputItem, InputPart, ResponsesRequest } from "../responses-request.ts";

/** True if the item is of the user or a tool and contains an image. */
export function hasImage(item: InputItem): boolean {
  const parts = partsOf(item);
  return Array.isArray(parts) && parts.some(({ type }) => type === "input_image");
}

/** The request with text in place of its images (rule 2.2); the same object if it has none. */
export function omitImages(sent: ResponsesRequest): ResponsesRequest {
  return sent.input.some(hasImage) ? { ...sent, input: sent.input.map(omitFrom) } : sent;
}

function partsOf(item: InputItem): string | InputPart[] | null {
  if (item.type === "function_call_output") return item.output;
  return item.type === "message" && item.role === "user" ? item.content : null;
}

function omitFrom(item: InputItem): InputItem {
  if (!hasImage(item)) return item;
  if (item.type === "function_call_output") return { ...item, output: withoutImages(item.output) };
  return item.type === "message" && item.role === "user"
    ? { ...item, content: withoutImages(item.content) }
    : item;
}

/** A model that only reads text may require it as a string. */
function withoutImages(content: string | InputPart[]): string | InputPart[] {
  if (typeof content === "string") return content;
  const parts = content.map(
    (part): InputPart =>
      part.type === "input_image" ? { type: "input_text", text: omittedImageText } : part,
  );
  const texts = parts.flatMap((part) => (part.type === "input_text" ? [part.text] : []));
  return texts.length === parts.length ? joinTexts(texts, onNewLine) : parts;
}
