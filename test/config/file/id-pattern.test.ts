import { expect, test } from "bun:test";
import fc from "fast-check";
import { compileIdPattern } from "../../../src/config/file/id-pattern.ts";

const fits = (pattern: string, id: string) => compileIdPattern(pattern).fits(id);

test.each([
  ["claude-opus-5", "claude-opus-5", true],
  ["claude-opus-5", "claude-opus-5-5", false],
  ["claude-*", "claude-", true],
  ["claude-*", "my-claude-5", false],
  ["*sonnet*", "claude-sonnet-5", true],
  ["CLAUDE-*", "claude-x", true],
  ["claude-*", "Claude-X", true],
  ["a*a", "a", false],
  ["a*a", "aa", true],
  ["*ab*ab", "abab", true],
  ["*ab*ab", "ab", false],
  ["*", "", true],
  ["gpt.5", "gptx5", false],
  ["(a+)+$", "(a+)+$", true],
])("%s and %s: %p", (pattern, id, expected) => {
  expect(fits(pattern, id)).toBe(expected);
});

/** Written differently, and slowly: tries every length for a star. */
function fitsNaively(pattern: string, id: string): boolean {
  if (pattern === "") return id === "";
  if (pattern[0] !== "*") return id[0] === pattern[0] && fitsNaively(pattern.slice(1), id.slice(1));
  for (let from = 0; from <= id.length; from++) {
    if (fitsNaively(pattern.slice(1), id.slice(from))) return true;
  }
  return false;
}

test("agrees with a matcher that tries everything", () => {
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 7 });
  const id = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 9 });
  fc.assert(
    fc.property(pattern, id, (text, asked) => {
      expect(fits(text, asked)).toBe(fitsNaively(text, asked));
    }),
    { numRuns: 2000 },
  );
});

test("a pattern of many stars ends: tried place by place it would not in a lifetime", () => {
  const { fits: fitsMany } = compileIdPattern(`${"*a".repeat(40)}*b`);
  expect(fitsMany("a".repeat(10_000))).toBe(false);
});

test("says what is literal", () => {
  const { isWild, literalLength } = compileIdPattern("claude-*-4*");
  expect([isWild, literalLength]).toEqual([true, 9]);
  expect(compileIdPattern("claude").isWild).toBe(false);
});
