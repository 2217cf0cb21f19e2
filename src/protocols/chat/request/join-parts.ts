import { joinTexts as joinPlainTexts, type Separator } from "../../../translate/conversation/join-texts.ts";
import type { CacheControl, ContentPart, TextPart } from "../chat-request.ts";

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
  const runs: { texts: string[]; mark: CacheControl | undefined }[] = [];
  for (const { text, cache_control } of texts) {
    const run = runs.at(-1);
    if (run === undefined || run.mark !== undefined) runs.push({ texts: [text], mark: cache_control });
    else {
      run.texts.push(text);
      run.mark = cache_control;
    }
  }
  const [first] = runs;
  if (first === undefined) return "";
  if (runs.length === 1 && first.mark === undefined) return joinPlainTexts(first.texts, separator);
  return runs.map(({ texts: run, mark }) => ({
    type: "text",
    text: joinPlainTexts(run, separator),
    ...(mark && { cache_control: mark }),
  }));
}
