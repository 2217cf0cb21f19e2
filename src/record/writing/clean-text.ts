import type { CleanText } from "../sqlite/request-columns.ts";

/** No key begins in the part of a text that is kept and ends behind this, in characters. */
const mostSearched = 65_536;
/** Most texts that are remembered as clean; then the memory starts anew. */
const mostKnown = 2_000;
const longestKnown = 300;

/**
 * Creates a function that takes keys out of a text and then cuts it, so that no half of a key is left. Nearly every text
 * was in the request before too: those that were clean are not searched again.
 */
export function createTextCleaner(redact: (text: string) => string): CleanText {
  const known = new Set<string>();
  return (text, longest) => {
    if (text.length <= longest && known.has(text)) return text;
    const clean = redact(text.slice(0, mostSearched));
    if (clean.length > longest) return `${clean.slice(0, longest - 1)}…`;
    if (clean === text && text.length <= longestKnown) {
      if (known.size >= mostKnown) known.clear();
      known.add(text);
    }
    return clean;
  };
}
