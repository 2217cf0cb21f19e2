import { parseJson } from "../../../json/parse-json.ts";

/** The JSON escapes of the control characters, by their codes. */
const controlEscapes = Array.from({ length: 0x20 }, (_, code) =>
  JSON.stringify(String.fromCharCode(code)).slice(1, -1),
);

/**
 * Repairs the three most frequent faults in JSON from models whose meaning is beyond doubt: a comma before a closing
 * bracket, raw control characters inside a string, and missing closing brackets at the end. Returns JSON text, or null
 * if the text has any other fault. A text that ends inside a string is not repaired, because the rest of the string is
 * unknown. Linear in the text.
 */
export function mendJson(broken: string): string | null {
  const text = broken.trim();
  const open: string[] = [];
  const pieces: string[] = [];
  /** The start of the text that is in no piece yet. */
  let from = 0;
  let inString = false;
  let escaped = false;
  /**
   * The position of a comma until it is known whether a bracket follows; else -1. Of two commas, the first stays, and
   * is a fault.
   */
  let comma = -1;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (inString) {
      if (escaped) escaped = false;
      else if (character === "\\") escaped = true;
      else if (character === '"') inString = false;
      const escaping = controlEscapes[text.charCodeAt(at)];
      if (escaping !== undefined) {
        pieces.push(text.slice(from, at), escaping);
        from = at + 1;
      }
    } else if (character === ",") {
      comma = at;
    } else if (!isBlank(character)) {
      if (character === "}" || character === "]") {
        if (open.pop() !== character) return null;
        if (comma !== -1) {
          pieces.push(text.slice(from, comma));
          from = at;
        }
      } else if (character === '"') inString = true;
      else if (character === "{") open.push("}");
      else if (character === "[") open.push("]");
      comma = -1;
    }
  }
  if (inString) return null;
  pieces.push(text.slice(from, comma === -1 ? text.length : comma), ...open.reverse());
  const mended = pieces.join("");
  return parseJson(mended) === undefined ? null : mended;
}

function isBlank(character: string): boolean {
  return character <= " " || character > "~" ? character.trim() === "" : false;
}
