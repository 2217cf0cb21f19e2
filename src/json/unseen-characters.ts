/**
 * Control characters, line separators, and all invisible characters: direction marks, characters without width, tags.
 * Text from outside could use them to forge log lines or to control a reader's terminal.
 */
export const unseenCharacters = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A character as a JSON escape: `\u00nn`; two of these for one beyond the basic plane. */
export function escapeUnits(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
