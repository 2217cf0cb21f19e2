/** Pieces of three words, each with the space after it, so that the answer visibly grows. */
export function cutText(text: string): string[] {
  return text.match(/\s*(?:\S+\s*){1,3}/gu) ?? [];
}

/** Pieces of the arguments of a call, which need not end where a word does. */
export function cutArguments(json: string): string[] {
  return json.match(/[\s\S]{1,24}/gu) ?? [];
}
