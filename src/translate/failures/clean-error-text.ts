import { escapeUnits, unseenCharacters } from "../../json/unseen-characters.ts";

const keys = /\b(sk-|xai-|nvapi-|gsk_|hf_|AIza)[\w*-]{6,}/g;
const bearer = /\b(Bearer\s+)[^\s"',;]+/gi;

/** Characters; a longer text of an upstream is cut. */
const longestText = 2000;

/**
 * Makes a text of an upstream fit to be shown: keys are masked, since some upstreams repeat the one they were
 * sent, and control characters are escaped, since they could drive the terminal of whoever reads them.
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
