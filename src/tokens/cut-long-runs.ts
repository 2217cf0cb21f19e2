/**
 * Twice the longest token of o200k_base (128 spaces) and far longer than any word of ordinary text. Measured:
 * the cost of a word of this length is still that of its merges, about 1.5 MB/s.
 */
const maxRunLength = 256;

/** A cheap sieve: hardly any text gets past it to the exact and slower expression below. */
const possibleLongRun = /\S{257}|\s{257}/;

/** What o200k_base's own expression can take for one word, or for one of the parts of a word. */
const longRun = /[\p{L}\p{M}]{257,}|\s{257,}|[\r\n/]{257,}|[^\s\p{L}\p{N}]{257,}/gu;

/**
 * Cuts `text` so that no word the tokenizer sees is long: merging is quadratic in the length of a word, and
 * 100 KB of one letter would take half a minute. Only runs of one class of characters longer than 256 are cut,
 * so that ordinary counts do not change.
 *
 * Returns the pieces in order; joined they are `text`. A text without a long run is its own only piece.
 */
export function cutLongRuns(text: string): string[] {
  if (!possibleLongRun.test(text)) return [text];
  const pieces: string[] = [];
  let start = 0;
  for (const match of text.matchAll(longRun)) {
    const runEnd = match.index + match[0].length;
    for (let cut = match.index + maxRunLength; cut < runEnd; cut += maxRunLength) {
      const end = isLowSurrogate(text.charCodeAt(cut)) ? cut + 1 : cut;
      pieces.push(text.slice(start, end));
      start = end;
    }
  }
  pieces.push(text.slice(start));
  return pieces;
}

/** The second half of a character outside the basic plane. */
function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
