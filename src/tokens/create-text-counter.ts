import { countTokens, setMergeCacheSize } from "gpt-tokenizer/encoding/o200k_base";
import { O200K_TOKEN_SPLIT_REGEX as wordPattern } from "gpt-tokenizer/encodingParams/constants";
import { cutText } from "./cut-text.ts";

/**
 * Counts the tokens of a text in o200k_base, in time linear to its length. Yields after each piece, at least every few
 * milliseconds, so that the caller can do something else; the generator's return value is the count.
 */
export type TextCounter = (text: string) => Generator<void, number>;

/** Counts special tokens in a text as ordinary text; without this the library throws on `<|endoftext|>`. */
const plainText = { disallowedSpecial: new Set<string>() };

/**
 * Creates a counter that remembers words. Importing this file loads the table, which takes a quarter of a second and 90
 * MB: only for the tokenizer's own thread.
 */
export function createTextCounter(): TextCounter {
  const countWord = createWordCounter();
  return function* (text) {
    let tokens = 0;
    for (const piece of cutText(text)) {
      for (const word of piece.match(wordPattern) ?? []) tokens += countWord(word);
      yield;
    }
    return tokens;
  };
}

/** Limit for all remembered words, plus some characters for each word: about 25,000 ordinary words, 4 MB. */
const maxCharacters = 1_000_000;
const charactersPerWord = 32;

/**
 * Counts words and remembers them. The library also remembers words, but it removes and reinserts a word at every hit,
 * and its map then walks over the holes that this leaves: 1 MB of one short word that is no token takes it two minutes.
 * This memory drops the older half at once.
 */
function createWordCounter(): (word: string) => number {
  setMergeCacheSize(0);
  let newer = new Map<string, number>();
  let older = new Map<string, number>();
  let newerCharacters = 0;
  return (word) => {
    const known = newer.get(word);
    if (known !== undefined) return known;
    const tokens = older.get(word) ?? countTokens(word, plainText);
    if (newerCharacters >= maxCharacters) {
      older = newer;
      newer = new Map();
      newerCharacters = 0;
    }
    newer.set(word, tokens);
    newerCharacters += word.length + charactersPerWord;
    return tokens;
  };
}
