/**
 * C0 and C1 control characters, line separators, and the characters that reorder text: an upstream or a client could
 * use them to forge log lines or to drive the terminal of whoever reads them.
 */
const controlCharacters = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Makes text from outside safe to show on one line.
 * @returns the text with every control character written as `\u00nn`, which is also its form in JSON
 */
export function escapeControlCharacters(text: string): string {
  return text.replace(
    controlCharacters,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
