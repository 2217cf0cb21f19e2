import { describe, expect, test } from "bun:test";
import { buildRangeFilter, buildTerm, parseRange } from "../../../../src/dashboard/page/parts/time-range.ts";

describe("the range of a view", () => {
  test("is what the address says, else seven days", () => {
    expect([parseRange("24h"), parseRange("all"), parseRange("1y"), parseRange(undefined)]).toEqual([
      "24h",
      "all",
      "7d",
      "7d",
    ]);
  });

  test("is a term of the filter, or none for all", () => {
    expect([buildRangeFilter("14d"), buildRangeFilter("all")]).toEqual(["since:14d", ""]);
  });
});

describe("a term of the filter", () => {
  test.each([
    ["glm-4.6", "model:glm-4.6"],
    ["z-ai/glm-4.6@free", "model:z-ai/glm-4.6@free"],
    ["qwen3:8b", 'model:"qwen3:8b"'],
    ["-x", 'model:"-x"'],
    ["two words", 'model:"two words"'],
    ['a"b\\c', 'model:"a\\"b\\\\c"'],
    ["", 'model:""'],
  ])("of %j is %s", (value, term) => {
    expect(buildTerm("model", value)).toBe(term);
  });
});
