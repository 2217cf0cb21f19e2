const keys = /\b(sk-|xai-|nvapi-|gsk_|hf_|AIza)[\w*-]{6,}/g;
const bearer = /\b(Bearer\s+)[^\s"',;]+/gi;
/** All but line feed and tab; and what is not seen: characters that turn the direction of text around, or hide in it. */
const controls = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Characters; a longer text of an upstream is cut. */
const longestText = 2000;

/**
 * Makes a text of an upstream fit to be shown: keys are masked, since some upstreams repeat the one they were
 * sent, and control characters are escaped, since they could drive the terminal of whoever reads them.
 */
export function cleanErrorText(text: string, maxLength = longestText): string {
  const cut = text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
  return maskKeys(cut.trim()).replace(controls, (character) =>
    character === "\n" || character === "\t" ? character : escapeUnits(character),
  );
}

/** As JSON would write it: a character beyond the first plane is two. */
function escapeUnits(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/** Masks everything that looks like a key: `sk-…`, `Bearer …` and the forms of other vendors. */
function maskKeys(text: string): string {
  return text.replace(keys, "$1…").replace(bearer, "$1…");
}
