import { afterAll, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { get_encoding } from "tiktoken";
import { createTextCounter } from "../../src/tokens/create-text-counter.ts";
import { ordinaryText } from "./ordinary-text.ts";

const countText = createTextCounter();
const tiktoken = get_encoding("o200k_base");
afterAll(() => tiktoken.free());

const corpus = join(import.meta.dir, "../fixtures/tokens/corpus");

/** Runs a count to its end; returns the tokens and how often it stopped on the way. */
function count(text: string): { tokens: number; stops: number } {
  const steps = countText(text);
  for (let stops = 0; ; stops++) {
    const { done, value } = steps.next();
    if (done) return { tokens: value, stops };
  }
}

test.each(readdirSync(corpus))("[7:text] tiktoken agrees token for token: %s", (name) => {
  const text = readFileSync(join(corpus, name), "utf8");
  const tokens = [...tiktoken.encode(text, [], [])];
  expect(encode(text, { disallowedSpecial: new Set() })).toEqual(tokens);
  expect(count(text).tokens).toBe(tokens.length);
});

test("[7:text] tiktoken agrees on the whole corpus as one text of 1 MB, which is counted in steps", () => {
  const texts = readdirSync(corpus).map((name) => readFileSync(join(corpus, name), "utf8"));
  const text = texts.join("\n").repeat(100);
  const { tokens, stops } = count(text);
  expect(tokens).toBe(tiktoken.encode(text, [], []).length);
  expect(stops).toBeGreaterThanOrEqual(10);
});

test("[7:text] tiktoken agrees on ordinary text", () => {
  fc.assert(
    fc.property(ordinaryText, (text) => {
      expect(count(text).tokens).toBe(tiktoken.encode(text, [], []).length);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["<|endoftext|>", 7],
  ["<|im_start|>user<|im_end|>", 13],
])("[7:text] %s is text like any other, not one special token", (text, tokens) => {
  expect(count(text).tokens).toBe(tokens);
});

test.each([
  ["a letter", "a", 125_000],
  ["spaces", " ", 7_813],
  ["line ends", "\n", 62_500],
  ["line ends and slashes", "\n/", 1_000_000],
  ["an emoji", "😀", 1_000_000],
  ["a word that is no token", " \u0085", 2_000_000],
  ["accents", "\u0301", 1_000_000],
  ["a lone surrogate", "\ud800", 125_000],
])("[7:text] a million times %s is counted at all", (_, unit, tokens) => {
  expect(count(unit.repeat(1_000_000)).tokens).toBe(tokens);
});

test("[7:text] 1 MB of base64 is counted at all", () => {
  const bytes = Buffer.from(
    Array.from({ length: 750_000 }, (_, index) => (index * index * 31 + (index >> 7)) & 0xff),
  );
  expect(count(bytes.toString("base64")).tokens).toBeGreaterThan(100_000);
});

test("[7:text] a word that was forgotten and comes again counts the same", () => {
  const text = Array.from({ length: 90_000 }, (_, index) => `w${(index % 45_000).toString(26)}x`).join(" ");
  expect(count(text).tokens).toBe(tiktoken.encode(text, [], []).length);
});
