import { expect, test } from "bun:test";
import { mayUse } from "../../src/routing/may-use.ts";
import { upstreamsOf } from "./upstreams-of.ts";

const upstreams = upstreamsOf({ azure: { fast: "gpt-6-mini" }, other: {} });
const target = { upstream: "azure", model: "gpt-6-mini" };

test.each<[readonly string[] | null, boolean]>([
  [null, true],
  [[], false],
  [["azure/*"], true],
  [["other/*", "AZURE/gpt-*"], true],
  [["azure/fast"], true],
  [["azure/f*"], true],
  [["azure/gpt-6"], false],
  [["azure"], false],
  [["*"], true],
])("%j: %p", (patterns, expected) => {
  expect(mayUse(patterns, target, upstreams)).toBe(expected);
});

test("a short name counts for its own upstream only", () => {
  expect(mayUse(["other/fast"], { upstream: "other", model: "gpt-6-mini" }, upstreams)).toBe(false);
});
