/** The separator of two neighbouring texts; `before` is the last one that is not empty, "" if there is none. */
export type Separator = (before: string, after: string) => string;

/** Texts of the user and of tools: each on a new line. */
export const onNewLine: Separator = () => "\n";

/** Texts of the assistant: separated by a blank line, unless one side has white space of its own (rule 2.2). */
export const afterBlankLine: Separator = (before, after) =>
  /\s/.test(before.charAt(before.length - 1)) || /^\s/.test(after) ? "" : "\n\n";

/** The texts as one. */
export function joinTexts(texts: readonly string[], separator: Separator): string {
  const [only] = texts;
  if (only !== undefined && texts.length === 1) return only;
  let joined = only ?? "";
  // The last piece and not the whole, because reading from a text that is still being joined copies all of it.
  let last = joined;
  for (let index = 1; index < texts.length; index += 1) {
    const text = texts[index] ?? "";
    joined += separator(last, text) + text;
    if (text !== "") last = text;
  }
  return joined;
}
