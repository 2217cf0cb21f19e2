import { expect, test } from "bun:test";
import { isJsonObject, nonEmptyString, textsOfScalars } from "../../src/json/json-value.ts";

test.each<[unknown, boolean]>([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  ["{}", false],
  [1, false],
  [true, false],
  [undefined, false],
])("%j is an object of JSON: %p", (value, isObject) => {
  expect(isJsonObject(value)).toBe(isObject);
});

test.each<[unknown, string | undefined]>([
  ["a", "a"],
  [" ", " "],
  ["", undefined],
  [1, undefined],
  [null, undefined],
  [["a"], undefined],
])("%j is text that says something: %p", (value, text) => {
  expect(nonEmptyString(value)).toBe(text);
});

test.each<[unknown, string[]]>([
  [
    ["a", 1, 0.5, "b"],
    ["a", "1", "0.5"],
  ],
  [["a", null, {}, "b"], ["a"]],
  [[true, ["x"], Number.POSITIVE_INFINITY], []],
  [[], []],
  ["a", []],
  [null, []],
  [{ 0: "a" }, []],
])("of the first three of %j those are told that are texts or numbers", (list, texts) => {
  expect(textsOfScalars(list, 3)).toEqual(texts);
});
