import { expect, test } from "bun:test";
import fc from "fast-check";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { cutText } from "../../src/tokens/cut-text.ts";
import { ordinaryText } from "./ordinary-text.ts";

const plain = (text: string) => countTokens(text, { disallowedSpecial: new Set() });

test("[7] joined, the pieces are the text", () => {
  const anyText = fc.array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc
        .tuple(
          fc.constantFrom("a", "漢", " ", "\n", "\n/", "\r\n", "=", "😀", "\ud800", "é́", "0"),
          fc.nat(900),
        )
        .map(([unit, times]) => unit.repeat(times)),
    ),
  );
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 300 }), (texts, pieceLength) => {
      const text = texts.join("");
      const pieces = [...cutText(text, pieceLength)];
      expect(pieces.join("")).toBe(text);
      // A character outside the basic plane is not torn.
      expect(pieces.every((piece) => piece.isWellFormed())).toBe(text.isWellFormed());
    }),
  );
});

test("[7] cut as small as can be, ordinary text counts what plain gpt-tokenizer counts", () => {
  fc.assert(
    fc.property(ordinaryText, fc.integer({ min: 1, max: 50 }), (text, pieceLength) => {
      const pieces = [...cutText(text, pieceLength)];
      expect(pieces.reduce((sum, piece) => sum + plain(piece), 0)).toBe(plain(text));
    }),
    { numRuns: 2000 },
  );
});

test("[7] text without a long run is not cut at all below the length of a piece", () => {
  fc.assert(fc.property(ordinaryText, (text) => expect([...cutText(text)]).toEqual([text])));
});

test.each([
  ["letters", "a"],
  ["letters with marks", "é́"],
  ["CJK", "漢"],
  ["white space", " "],
  ["line ends and slashes", "\n/"],
  ["signs", "="],
  ["emoji", "😀"],
  ["a family", "👩‍👩‍👧"],
])("[7] %s: no piece of a long run is longer than 257", (_, unit) => {
  const pieces = [...cutText(unit.repeat(5_000))];
  expect(pieces.join("")).toBe(unit.repeat(5_000));
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(257);
});

test("[7] a run of 256 is left whole, one of 257 is cut after 256", () => {
  const lengths = (text: string) => [...cutText(text)].map((piece) => piece.length);
  expect(lengths(`x ${"=".repeat(256)} y`)).toEqual([260]);
  expect(lengths(`x ${"=".repeat(257)} y`)).toEqual([258, 3]);
});
