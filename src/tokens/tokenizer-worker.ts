import { countDocumentTokens } from "./count-document-tokens.ts";
import { countTextTokens, forgetWords } from "./count-text-tokens.ts";
import type { TokenizerJob, TokenizerResult } from "./tokenizer.ts";

/**
 * Runs on a thread of its own: a second entry point of the compiled program. Answers each job with its counts.
 */
declare const self: Worker;

self.onmessage = (event: MessageEvent<TokenizerJob>) => {
  const { id, items } = event.data;
  const counts = items.map(({ kind, content }) =>
    kind === "document" ? countDocumentTokens(content) : countTextTokens(content),
  );
  forgetWords();
  self.postMessage({ id, counts } satisfies TokenizerResult);
};
