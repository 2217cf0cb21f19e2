import { parseJson } from "../../json/parse-json.ts";

/**
 * Mends the three faults that models make in JSON most often and whose meaning is beyond doubt: a comma before
 * a closing bracket, raw control characters inside a string, and closing brackets that are missing at the end.
 * Returns JSON text, or null when the text has any other fault. A text that ends inside a string is not mended:
 * nobody knows what the string would have been. Linear in the text.
 */
export function repairJson(text: string): string | null {
  const open: string[] = [];
  let out = "";
  let inString = false;
  let escaped = false;
  /** A comma and the blanks behind it, until it is known whether a bracket follows. */
  let comma = "";
  for (const character of text.trim()) {
    if (inString) {
      if (escaped) escaped = false;
      else if (character === "\\") escaped = true;
      else if (character === '"') inString = false;
      out += character < " " ? escapeControlCharacter(character) : character;
      continue;
    }
    if (character === "," || (comma !== "" && character.trim() === "")) {
      if (comma !== "" && character === ",") return null;
      comma += character;
      continue;
    }
    if (character === "}" || character === "]") {
      if (open.pop() !== character) return null;
    } else {
      out += comma;
      if (character === '"') inString = true;
      else if (character === "{") open.push("}");
      else if (character === "[") open.push("]");
    }
    comma = "";
    out += character;
  }
  if (inString) return null;
  out += open.reverse().join("");
  return parseJson(out) === undefined ? null : out;
}

function escapeControlCharacter(character: string): string {
  return JSON.stringify(character).slice(1, -1);
}
