import type { FoundSecret, SecretFinder } from "./secret-finder.ts";

/** In characters. Walking over a text up to this length is as fast as searching it. */
const shortText = 64;

/**
 * Takes secrets out of a whole text. A secret that was cut, by the end of the text or by a `…` after it, is also taken
 * out, except for its first three characters. Backslashes before a secret are taken out as well: they may belong to its
 * first character, and half of an escape would make JSON invalid.
 * @returns the same text if there is nothing to take out
 */
export function redactSecrets(text: string, finder: SecretFinder, replacement: string): string {
  if (text.length > shortText && !finder.mayHold(text)) return text;
  let redacted = "";
  let copied = 0;
  for (let found = finder.find(text, 0); found !== null; ) {
    const end = endOf(found);
    if (end === null) {
      found = finder.find(text, found.start + 1);
      continue;
    }
    redacted += text.slice(copied, startOfBackslashes(text, found.start, copied)) + replacement;
    copied = end;
    found = finder.find(text, end);
  }
  return copied === 0 ? text : redacted + text.slice(copied);
}

function endOf({ wholeEnd, cutEnd }: FoundSecret): number | null {
  if (wholeEnd === null || cutEnd === null) return wholeEnd ?? cutEnd;
  return Math.max(wholeEnd, cutEnd);
}

function startOfBackslashes(text: string, from: number, least: number): number {
  let start = from;
  while (start > least && text.charCodeAt(start - 1) === 0x5c) start -= 1;
  return start;
}
