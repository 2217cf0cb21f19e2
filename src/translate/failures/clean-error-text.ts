import { escapeUnits, unseenCharacters } from "../../json/unseen-characters.ts";

const keys = /\b(sk-|xai-|nvapi-|gsk_|hf_|AIza)[\w*-]{6,}/g;
const bearer = /\b(Bearer\s+)[^\s"',;]+/gi;

/** In characters; a longer text from an upstream is cut. */
const longestText = 2000;

/**
 * Makes a text from an upstream fit for display: masks keys, because some upstreams repeat the key they were sent, and
 * escapes control characters, because they could control a reader's terminal.
 */
export function cleanErrorText(text: string, maxLength = longestText): string {
  const cut = text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
  return maskKeys(cut.trim()).replace(unseenCharacters, (character) =>
    character === "\n" || character === "\t" ? character : escapeUnits(character),
  );
}

/** Masks everything that looks like a key: `sk-…`, `Bearer …` and the forms of other vendors. */
function maskKeys(text: string): string {
  return text.replace(keys, "$1…").replace(bearer, "$1…");
}
