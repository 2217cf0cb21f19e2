/** So many words in a row are a sentence, or a part of one. */
const wordsOfProse = 3;
const word = /^["'`(]?[A-Za-z][a-z’'-]*["'`).,:;!?]*$/;

/**
 * Whether only people read the text: a message, not a name, a header, a type or a path. A place where a value is put in
 * is `¤`; it counts as a word of the sentence around it.
 */
export function isProse(text: string): boolean {
  const parts = text.split(/\s+/);
  const words = parts.filter((part) => word.test(part)).length;
  const values = words === 0 ? 0 : parts.filter((part) => part.includes("¤")).length;
  return words + Math.min(values, 1) >= wordsOfProse;
}
