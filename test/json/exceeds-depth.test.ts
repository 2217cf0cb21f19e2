import { describe, expect, test } from "bun:test";
import { exceedsDepth } from "../../src/json/exceeds-depth.ts";

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
  ])("%s with limit %d: %p", (text, limit, expected) => {
    expect(exceedsDepth(text, limit)).toBe(expected);
  });

  test("a million brackets are told at the limit", () => {
    expect(exceedsDepth("[".repeat(1_000_000), 500)).toBe(true);
  });
});
