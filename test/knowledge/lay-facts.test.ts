import { expect, test } from "bun:test";
import { noFacts } from "../../src/knowledge/facts.ts";
import { createFactsLayer } from "../../src/knowledge/lay-facts.ts";
import { genericProfile } from "../../src/profiles/generic-profile.ts";
import { layOver } from "../../src/profiles/profile-overrides.ts";

const ceilingOf = (window: number | null, maxOutput: number | null, ofFamily: number | null = null) => {
  const profile = layOver(genericProfile, { traits: { request: { outputCeiling: ofFamily } } });
  return createFactsLayer()(profile, { ...noFacts, window, maxOutput }).traits.request.outputCeiling;
};

test.each([
  ["a quarter of a small window is left to the answer", 32_768, null, null, 8192],
  ["an odd window gives whole tokens", 4001, null, null, 1000],
  ["what the family allows stays where it is less", 32_768, null, 4096, 4096],
  ["what the family allows is lowered where it is more", 32_768, null, 98_304, 8192],
  ["a large window is no limit of the answer", 131_072, null, null, null],
  ["a large window changes nothing of the family", 131_072, null, 98_304, 98_304],
  ["what is known of the output counts", 32_768, 16_384, null, 16_384],
  ["what is known of the output counts without a window", null, 16_384, 8192, 16_384],
  ["nothing known changes nothing", null, null, 8192, 8192],
])("%s", (_, window, maxOutput, ofFamily, expected) => {
  expect(ceilingOf(window, maxOutput, ofFamily)).toBe(expected);
});
