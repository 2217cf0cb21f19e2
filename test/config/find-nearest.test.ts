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

test("two slips are the most, however long the name is", () => {
  expect(findNearest("UPSTRAEM_PORFILE", ["UPSTREAM_PROFILE"])).toBe("UPSTREAM_PROFILE");
  expect(findNearest("UPSTRAEM_PORFIEL", ["UPSTREAM_PROFILE"])).toBeNull();
});

test("of two that are near it is the nearer one", () => {
  expect(findNearest("ABCDEFGX", ["ABCDEFXY", "ABCDEFGH"])).toBe("ABCDEFGH");
});
