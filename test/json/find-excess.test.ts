import { describe, expect, test } from "bun:test";
import { deepestNesting, exceedsDepth, explainDepth, findExcess } from "../../src/json/find-excess.ts";

describe("how much there is in a JSON text", () => {
  // Commas and brackets are counted: of each the elements but one, and the value itself.
  test.each([
    ["[]", 1],
    ["[1,2,3]", 3],
    ['{"a":1,"b":2}', 2],
    ["[[],[],[]]", 6],
    ['[{"a":{"b":[1,2]}},-3]', 6],
    ['["a,b","[","{"]', 3],
    ["7", 0],
  ])("%s has %d values", (text, values) => {
    expect(findExcess(text, { depth: 9, values })).toBeNull();
    expect(findExcess(text, { depth: 9, values: values - 1 })).toBe("values");
  });

  test("the depth is told as soon as it is met, and the values of lists too", () => {
    expect(findExcess("[[[", { depth: 2, values: 9 })).toBe("depth");
    expect(findExcess("[1,2,3,[[[", { depth: 2, values: 3 })).toBe("values");
    expect(findExcess("[[]],[[]],[[]]", { depth: 2, values: 9 })).toBeNull();
    expect(findExcess("[[],[]]", { depth: 2, values: 9 })).toBeNull();
    expect(findExcess(`[${"[".repeat(5)}`, { depth: 9, values: 5 })).toBe("values");
  });
});

describe("exceedsDepth", () => {
  test.each([
    ["1", 0, false],
    ["[]", 0, true],
    ["[]", 1, false],
    ['{"a":[{}],"b":[[]]}', 3, false],
    ['{"a":[{}],"b":[[]]}', 2, true],
    ['["[[[","]]]"]', 1, false],
    ['["\\"[[", "\\\\", "[\\\\\\"["]', 1, false],
    ['["\\\\",[[]]]', 2, true],
    ['["",[[]]]', 2, true],
    ['["a",[[]]]', 2, true],
    ['["\\"",[[]]]', 2, true],
    ['["\\"a",[[]]]', 2, true],
    ["[[", 1, true],
    ["[[", 2, false],
  ])("%s with limit %d: %p", (text, limit, expected) => {
    expect(exceedsDepth(text, limit)).toBe(expected);
  });

  test("a million brackets are told at the limit", () => {
    expect(exceedsDepth("[".repeat(1_000_000), 500)).toBe(true);
  });
});

test("what is wrong with a text is that it is deep, or what else is said", () => {
  expect(deepestNesting).toBe(500);
  expect(explainDepth("[".repeat(501), "is no object")).toBe("is nested deeper than 500 levels");
  expect(explainDepth("[".repeat(500), "is no object")).toBe("is no object");
});
