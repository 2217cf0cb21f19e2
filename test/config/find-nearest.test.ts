import { expect, test } from "bun:test";
import { findNearest } from "../../src/config/find-nearest.ts";

test.each([
  ["PROT", "PORT"],
  ["POR", null],
  ["PORTS", "PORT"],
  ["HOTS", "HOST"],
  ["LOG_LEVEL", "LOG_LEVEL"],
  ["LOGLEVL", null],
  ["LOG_LEVELS", "LOG_LEVEL"],
  ["LOG_LVL", null],
  ["LOG_LEVALS", "LOG_LEVEL"],
  ["LOG_LAVALS", null],
  ["FOO", null],
  ["", null],
])("%s means %p", (written, meant) => {
  expect(findNearest(written, ["PORT", "HOST", "LOG_LEVEL"])).toBe(meant);
});

test("of two that are near it is the nearer one", () => {
  expect(findNearest("ABCDEFGX", ["ABCDEFXY", "ABCDEFGH"])).toBe("ABCDEFGH");
});
