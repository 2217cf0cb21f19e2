import { isLowSurrogate } from "../json/is-low-surrogate.ts";

/** Longer than any word of any language, and than any run of letters between two punctuation marks. */
const maxLetters = 256;

/** Longer than the padding and the rules of wide tables, which are the longest runs in ordinary text. */
const maxOthers = 1024;

/** A sieve: hardly any text passes it and needs the slower expression below. */
const possibleLongRun = /\S{257}|\s{257}|[\r\n/]{257}/;

/** Long runs that o200k_base may take as one word, or as one part of a word. */
const longRun = /(?<letters>[\p{L}\p{M}]{257,})|\s{1025,}|[\r\n/]{1025,}|[^\s\p{L}\p{N}]{1025,}/gu;

/** Characters after which the next place to cut is sought; some 5 ms of counting. */
const defaultPieceLength = 65_536;

/** No word of o200k_base continues from a line end or a digit to one of these. */
const wordBoundary = /[\n0-9](?=[A-Za-z"])/g;

/**
 * Cuts `text` into pieces that may be counted one by one, in time linear to its length: the tokenizer's merging is
 * quadratic in the length of a word, and 100 KB of one letter would take half a minute. Runs of one character class
 * that are too long for ordinary text are cut anywhere. Everything else is cut only between words, so that the counts
 * of ordinary text do not change. Joined, the pieces are `text`.
 */
export function* cutText(text: string, pieceLength = defaultPieceLength): Generator<string> {
  for (const piece of cutLongRuns(text)) yield* cutBetweenWords(piece, pieceLength);
}

function* cutLongRuns(text: string): Generator<string> {
  let start = 0;
  for (const match of possibleLongRun.test(text) ? text.matchAll(longRun) : []) {
    const maxLength = match.groups?.["letters"] === undefined ? maxOthers : maxLetters;
    const runEnd = match.index + match[0].length;
    for (let cut = match.index + maxLength; cut < runEnd; cut += maxLength) {
      const end = isLowSurrogate(text.charCodeAt(cut)) ? cut + 1 : cut;
      yield text.slice(start, end);
      start = end;
    }
  }
  yield text.slice(start);
}

function* cutBetweenWords(text: string, pieceLength: number): Generator<string> {
  let start = 0;
  while (text.length - start > pieceLength) {
    wordBoundary.lastIndex = start + pieceLength;
    const match = wordBoundary.exec(text);
    if (match === null) break;
    yield text.slice(start, match.index + 1);
    start = match.index + 1;
  }
  yield text.slice(start);
}
