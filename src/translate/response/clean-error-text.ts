const keys = /\b(sk-|xai-|nvapi-|gsk_|hf_|AIza)[\w*-]{6,}/g;
const bearer = /\b(Bearer\s+)[^\s"',;]+/gi;
/** All but line feed and tab; and the characters that turn the direction of text around. */
const controls = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Characters; a longer text of an upstream is cut. */
const maxLength = 2000;

/**
 * Makes a text of an upstream fit to be shown: keys are masked, since some upstreams repeat the one they were
 * sent, and control characters are escaped, since they could drive the terminal of whoever reads them.
 */
export function cleanErrorText(text: string): string {
  const cut = text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
  return maskKeys(cut.trim()).replace(controls, (character) =>
    character === "\n" || character === "\t"
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Masks everything that looks like a key: `sk-…`, `Bearer …` and the forms of other vendors. */
function maskKeys(text: string): string {
  return text.replace(keys, "$1…").replace(bearer, "$1…");
}
