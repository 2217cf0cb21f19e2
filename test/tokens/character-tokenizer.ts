import type { RequestPart } from "../../src/tokens/request-part.ts";
import type { Tokenizer, TokenizerItem } from "../../src/tokens/tokenizer.ts";

/** A tokenizer that counts characters, and keeps what it was asked. */
export function createCharacterTokenizer(delayMs: () => number = () => 1): {
  tokenizer: Tokenizer;
  asked: TokenizerItem[];
} {
  const asked: TokenizerItem[] = [];
  const tokenizer: Tokenizer = {
    isAwake: true,
    async count(items) {
      asked.push(...items);
      await Bun.sleep(delayMs());
      return items.map((item) => item.content.length);
    },
    close: () => undefined,
  };
  return { tokenizer, asked };
}

export const text = (content: string): TokenizerItem => ({ kind: "text", content });

/** A part of a message with these texts. */
export function partOf(fixedTokens: number, ...contents: string[]): RequestPart {
  return { section: "message", label: "message", fixedTokens, items: contents.map(text) };
}

/** For tests in which nothing may go wrong. */
export function failOnWarning(message: string): never {
  throw new Error(message);
}
