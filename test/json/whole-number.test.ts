import { describe, expect, test } from "bun:test";
import { textOfScalar, textsOfScalars } from "../../src/json/json-value.ts";
import { readDecimal, readWholeNumber } from "../../src/json/whole-number.ts";

const most = Number.MAX_SAFE_INTEGER;

describe("[F15] a whole number from outside", () => {
  test.each([
    [0, 0],
    [-0, 0],
    [5, 5],
    [most, most],
    ["0", 0],
    ["007", 7],
    [String(most), most],
  ])("%p is %p", (value, expected) => {
    expect(readWholeNumber(value)).toBe(expected);
  });

  test.each([
    [-1],
    [0.5],
    [1e308],
    [most + 1],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [""],
    [" 5 "],
    ["+5"],
    ["-5"],
    ["5.0"],
    ["1e5"],
    ["0x10"],
    ["5, 5"],
    ["5\n"],
    ["Infinity"],
    ["9".repeat(17)],
    ["9".repeat(400)],
    [`${"0".repeat(32)}5`],
    ["٣"],
    [null],
    [undefined],
    [true],
    [5n],
    [[5]],
    [{ valueOf: 1 }],
  ])("%p is none", (value) => {
    expect(readWholeNumber(value)).toBeNull();
  });
});

describe("[F15] a decimal from outside", () => {
  test.each([
    [0.25, 0.25],
    [-0, 0],
    [1e308, 1e308],
    ["7.2", 7.2],
    ["1e9", 1e9],
    ["1.5E-3", 0.0015],
  ])("%p is %p", (value, expected) => {
    expect(readDecimal(value)).toBe(expected);
  });

  test.each([
    [-0.1],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    ["1e999"],
    ["0x10"],
    [" 5 "],
    [""],
    ["1.2.3"],
    [".5"],
    ["-1"],
    ["Infinity"],
    ["9".repeat(400)],
    [null],
    [{}],
  ])("%p is none", (value) => {
    expect(readDecimal(value)).toBeNull();
  });
});

describe("[F13] a text from outside", () => {
  test.each([
    ["", ""],
    ["a", "a"],
    [5, "5"],
    [1e308, "1e+308"],
  ])("of %p is %p", (value, expected) => {
    expect(textOfScalar(value)).toBe(expected);
  });

  test.each([[null], [undefined], [true], [Number.NaN], [["a"]], [{}], [{ toString: 1 }]])(
    "%p has none",
    (value) => {
      expect(textOfScalar(value)).toBeUndefined();
    },
  );

  test("of a list are those of its first entries", () => {
    expect(textsOfScalars(["a", { toString: 1 }, 2, null, "b"], 4)).toEqual(["a", "2"]);
    expect(textsOfScalars({ length: 1, 0: "a" }, 4)).toEqual([]);
  });
});
