import { escapeUnits, unseenCharacters } from "../json/unseen-characters.ts";

/** Almost no line has any: a search by character class takes four times as long. */
const notPlain = /[^\x20-\x7e]/;

/** Whether the text is all printable ASCII, so that nothing in it needs escaping. */
export function isPrintable(text: string): boolean {
  return !notPlain.test(text);
}

/**
 * Makes text from outside safe to show on one line.
 * @returns the text with every such character written as `\u00nn`, or as two of these, which is also its form in JSON
 */
export function escapeControlCharacters(text: string): string {
  if (isPrintable(text)) return text;
  return text.replace(unseenCharacters, escapeUnits);
}

/** Makes text from outside safe to show. Its line breaks stay, and a tab becomes two blanks. */
export function escapeLines(text: string): string {
  if (isPrintable(text)) return text;
  return text
    .split(/\r\n|\n/)
    .map((line) => escapeControlCharacters(line.replaceAll("\t", "  ")))
    .join("\n");
}
