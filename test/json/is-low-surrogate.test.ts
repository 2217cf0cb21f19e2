import { expect, test } from "bun:test";
import { isLowSurrogate } from "../../src/json/is-low-surrogate.ts";

test.each([
  ["a letter", 0x61, false],
  ["the last first half", 0xdbff, false],
  ["the first second half", 0xdc00, true],
  ["the last second half", 0xdfff, true],
  ["behind all halves", 0xe000, false],
])("second half of a character: %s", (_, unit, expected) => {
  expect(isLowSurrogate(unit)).toBe(expected);
});
