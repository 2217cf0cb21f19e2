import { expect, test } from "bun:test";
import fc from "fast-check";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { cutText } from "../../src/tokens/cut-text.ts";
import { ordinaryText } from "./ordinary-text.ts";

const plain = (text: string) => countTokens(text, { disallowedSpecial: new Set() });

test("[7:text] joined, the pieces are the text", () => {
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

test("[7:text] cut as small as can be, ordinary text counts what plain gpt-tokenizer counts", () => {
  fc.assert(
    fc.property(ordinaryText, fc.integer({ min: 1, max: 50 }), (text, pieceLength) => {
      const pieces = [...cutText(text, pieceLength)];
      expect(pieces.reduce((sum, piece) => sum + plain(piece), 0)).toBe(plain(text));
    }),
    { numRuns: 2000 },
  );
});

test("[7:text] text without a long run is not cut at all below the length of a piece", () => {
  fc.assert(fc.property(ordinaryText, (text) => expect([...cutText(text)]).toEqual([text])));
});

test.each([
  ["letters", "a", 257],
  ["letters with marks", "é\u0301", 257],
  ["CJK", "漢", 257],
  ["white space", " ", 1025],
  ["line ends and slashes", "\n/", 1025],
  ["signs", "=", 1025],
  ["emoji", "😀", 1025],
  ["families", "👩‍👩‍👧", 1025],
])("[7:text] %s: no piece of a long run is long", (_, unit, longest) => {
  const pieces = [...cutText(unit.repeat(5_000))];
  expect(pieces.join("")).toBe(unit.repeat(5_000));
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(longest);
});

test("[7:text] a run is cut after 256 letters, or 1024 of anything else, and not before", () => {
  const lengths = (text: string) => [...cutText(text)].map((piece) => piece.length);
  expect(lengths(`1 ${"x".repeat(256)} 1`)).toEqual([260]);
  expect(lengths(`1 ${"x".repeat(257)} 1`)).toEqual([258, 3]);
  expect(lengths(`x ${"=".repeat(1024)} y`)).toEqual([1028]);
  expect(lengths(`x ${"=".repeat(1025)} y`)).toEqual([1026, 3]);
});

test("[7:text] the padding and the rules of a wide table do not change their count", () => {
  const row = (...cells: string[]) => `| ${cells.join(" | ")} |\n`;
  const table = row("name", "note".padEnd(476)) + row("----", "-".repeat(476)) + row("a", "b".padEnd(476));
  expect([...cutText(table)]).toEqual([table]);
});

test.each<[string, string, number[]]>([
  ["256 letters", "a".repeat(256), [256]],
  ["257 letters", "a".repeat(257), [256, 1]],
  ["letters in thrice", `1${"a".repeat(600)}1`, [257, 256, 89]],
  ["1,024 blanks", " ".repeat(1024), [1024]],
  ["1,025 blanks", " ".repeat(1025), [1024, 1]],
  ["1,025 signs", "=".repeat(1025), [1024, 1]],
  ["1,025 line ends", "\n".repeat(1025), [1024, 1]],
  ["1,025 digits, which the tokenizer cuts itself", "1".repeat(1025), [1025]],
  ["a character that would be torn", `${"a".repeat(255)}𐐀${"a".repeat(10)}`, [257, 10]],
  ["two runs", `${"a".repeat(257)} ${"b".repeat(300)}`, [256, 258, 44]],
])("[7:text] where a long run is cut: %s", (_, text, lengths) => {
  expect([...cutText(text)].map((piece) => piece.length)).toEqual(lengths);
});

test.each<[string, string, number, string[]]>([
  ["behind a line end", "aaaa\nbbbb\ncccc", 4, ["aaaa\n", "bbbb\n", "cccc"]],
  ["behind a digit", "aaa1bbb2ccc", 3, ["aaa1", "bbb2", "ccc"]],
  ["before a quote", 'aaa1"bbb', 3, ["aaa1", '"bbb']],
  ["not before it is as long", "a1b1c1d1e", 5, ["a1b1c1", "d1e"]],
  ["not between blanks", "aaaa bbbb cccc", 4, ["aaaa bbbb cccc"]],
  ["not when it is as long as a piece", "aa1bb", 5, ["aa1bb"]],
])("[7:text] where a piece ends: %s", (_, text, pieceLength, pieces) => {
  expect([...cutText(text, pieceLength)]).toEqual(pieces);
});
