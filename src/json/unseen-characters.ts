/**
 * Control characters, line separators, and all that is there without being seen: characters that turn the direction of
 * text, of no width, or tags. Text from outside could use them to forge log lines or to drive a reader's terminal.
 */
export const unseenCharacters = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A character as JSON could write it: `\u00nn`; one beyond the first plane as two of these. */
export function escapeUnits(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
