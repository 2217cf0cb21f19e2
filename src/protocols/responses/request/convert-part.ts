import { joinTexts, onNewLine } from "../../../translate/conversation/join-texts.ts";
import { isDataUrl } from "../../../translate/conversation/read-base64.ts";
import { type SaidPart, urlOf } from "../../../translate/conversation/said-part.ts";
import type { InputPart } from "../responses-request.ts";

/** Converts the content of a user or a tool (rules 22.1, 22.2): a string if it is text only, else parts. */
export function convertContent(parts: readonly SaidPart[]): string | InputPart[] {
  const texts: string[] = [];
  for (const part of parts) {
    if (part.type !== "text") return parts.map(convertPart);
    texts.push(part.text);
  }
  return joinTexts(texts, onNewLine);
}

function convertPart(part: SaidPart): InputPart {
  switch (part.type) {
    case "text":
      return { type: "input_text", text: part.text };
    case "image":
      return { type: "input_image", image_url: urlOf(part.source), detail: "auto" };
    case "document": {
      const url = urlOf(part.source);
      return isDataUrl(url)
        ? { type: "input_file", filename: part.title ?? "document.pdf", file_data: url }
        : { type: "input_file", file_url: url };
    }
  }
}
