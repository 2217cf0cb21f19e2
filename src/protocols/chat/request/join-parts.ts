import type { CacheControl, ContentPart, TextPart } from "../chat-request.ts";

/** The separator of two neighbouring texts; `before` has the same ending as the text joined so far. */
export type Separator = (before: string, after: string) => string;

/** Texts of the user and of tools: each on a new line. */
export const onNewLine: Separator = () => "\n";

/** Texts of the assistant: separated by a blank line, unless one side has white space of its own (rule 2.2). */
export const afterBlankLine: Separator = (before, after) =>
  /\s/.test(before.charAt(before.length - 1)) || /^\s/.test(after) ? "" : "\n\n";

/**
 * A string if the parts are texts without a cache mark, else parts. Marked text is joined up to its mark: when the mark
 * moves on with the next turn, the upstream still reads the same text and its cache still matches (rule 1.4).
 */
export function joinParts(parts: readonly ContentPart[], separator: Separator): string | ContentPart[] {
  return parts.every((part) => part.type === "text") ? joinTexts(parts, separator) : [...parts];
}

/** As `joinParts`, for parts that are known to be text. */
export function joinTexts(texts: readonly TextPart[], separator: Separator): string | TextPart[] {
  const [only] = texts;
  if (texts.length === 1 && only !== undefined && only.cache_control === undefined) return only.text;
  const runs: { text: string; mark: CacheControl | undefined }[] = [];
  // The last piece and not the whole run, because reading from a text that is still being joined copies all of it.
  let last = "";
  for (const { text, cache_control } of texts) {
    const run = runs.at(-1);
    if (run === undefined || run.mark !== undefined) runs.push({ text, mark: cache_control });
    else {
      run.text += separator(last, text) + text;
      run.mark = cache_control;
    }
    if (text !== "") last = text;
  }
  const [first] = runs;
  if (first === undefined) return "";
  if (runs.length === 1 && first.mark === undefined) return first.text;
  return runs.map(({ text, mark }) => ({ type: "text", text, ...(mark && { cache_control: mark }) }));
}
