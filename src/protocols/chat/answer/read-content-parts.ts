import { isJsonObject, type JsonObject, nonEmptyString, textOfScalar } from "../../../json/json-value.ts";
import type { TextPiece } from "../../../translate/answer/text/think-tags.ts";

/** The content of an answer's parts; unknown parts are left out, with a warning. */
export function readContentParts(parts: readonly unknown[], warn: (text: string) => void): TextPiece[] {
  const pieces: TextPiece[] = [];
  for (const part of parts) {
    if (!isJsonObject(part)) continue;
    const piece = readContentPart(part);
    if (piece === null) warn(`a part of type ${textOfScalar(part["type"])} was left out`);
    else pieces.push(piece);
  }
  return pieces;
}

/** Mistral sends content as parts; its thinking parts contain parts again (rule 3.3). */
function readContentPart(part: JsonObject): TextPiece | null {
  const { type, thinking } = part;
  if (type === "thinking" && Array.isArray(thinking)) {
    const texts = thinking.map((inner) => nonEmptyString(isJsonObject(inner) ? inner["text"] : inner) ?? "");
    return { kind: "thinking", text: texts.join("") };
  }
  const text = nonEmptyString(part["text"]);
  return text === undefined ? null : { kind: "text", text };
}
