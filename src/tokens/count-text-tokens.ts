import { clearMergeCache, countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { cutLongRuns } from "./cut-long-runs.ts";

/** What looks like a special token in a text is text; without this the library throws on `<|endoftext|>`. */
const noSpecialTokens = { disallowedSpecial: new Set<string>() };

/**
 * Tokens of `text` in o200k_base, in time linear to its length. Importing this file loads the table, which takes
 * a quarter of a second and 100 MB: it belongs on a thread of its own (`tokenizer-worker.ts`).
 */
export function countTextTokens(text: string): number {
  let tokens = 0;
  for (const piece of cutLongRuns(text)) tokens += countTokens(piece, noSpecialTokens);
  return tokens;
}

/** Lets go of the texts that the library's memory of merged words holds on to. */
export { clearMergeCache as forgetWords };
