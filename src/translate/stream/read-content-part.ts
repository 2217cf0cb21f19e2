import { isJsonObject, type JsonObject, nonEmptyString } from "../../json/json-value.ts";
import type { TextPiece } from "./think-tags.ts";

/**
 * What a part of an answer's content says, or null when it says nothing that we know. Mistral sends content as
 * parts; its thinking parts hold parts again (rule 3.3).
 */
export function readContentPart(part: JsonObject): TextPiece | null {
  const { type, thinking } = part;
  if (type === "thinking" && Array.isArray(thinking)) {
    const texts = thinking.map((inner) => nonEmptyString(isJsonObject(inner) ? inner["text"] : inner) ?? "");
    return { kind: "thinking", text: texts.join("") };
  }
  const text = nonEmptyString(part["text"]);
  return text === undefined ? null : { kind: "text", text };
}
