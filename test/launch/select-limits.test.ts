import { expect, test } from "bun:test";
import { selectLimits } from "../../src/launch/select-limits.ts";
import { modelOf } from "./launch-of.ts";

const big = modelOf("a/big", { windowTokens: 1_000_000, maxOutputTokens: 65_536 });
const middle = modelOf("a/middle", { windowTokens: 131_072, maxOutputTokens: 8_000 });
const small = modelOf("a/small", { windowTokens: 65_536, maxOutputTokens: 32_000 });
const tiny = modelOf("a/tiny", { windowTokens: 16_384 });
const unknown = modelOf("a/unknown");
const opus = modelOf("claude-opus", { tier: "opus", windowTokens: 65_536 });
const claude = modelOf("a/anthropic/claude-sonnet-4.5", { windowTokens: 200_000 });

test.each([
  ["the session's model decides", [big, middle, small], "a/big", 1_000_000, 65_536],
  ["else the smallest with room for work", [big, middle, small], null, 131_072, null],
  ["else the smallest at all, with short answers", [small, unknown], null, 65_536, 8_192],
  ["a small one of the session has short answers", [big, small], "a/small", 65_536, 8_192],
  ["32k leaves little for an answer", [modelOf("a/b", { windowTokens: 32_768 })], "a/b", 32_768, 4_096],
  [
    "an answer is a quarter of the window at most",
    [{ ...middle, maxOutputTokens: 100_000 }],
    "a/middle",
    131_072,
    32_768,
  ],
  ["a model of which nothing is known changes nothing", [big, unknown], "a/unknown", null, null],
  ["what would only compact is not told", [tiny], "a/tiny", null, null],
  ["an id of our own for a tier is no id that the client knows", [opus], "claude-opus", 65_536, 8_192],
  ["the client's own tiers do not decide", [opus], null, null, null],
  ["but for a small one with which the session begins", [big, opus], "opus", 65_536, 8_192],
  [
    "nor does a Claude elsewhere, whose window it knows",
    [claude],
    "a/anthropic/claude-sonnet-4.5",
    null,
    null,
  ],
  ["no models", [], null, null, null],
] as const)("%s", (_, models, model, contextTokens, outputTokens) => {
  expect(selectLimits(models, model, true)).toMatchObject({ contextTokens, outputTokens });
});

test("windows of 100,000 and more are told one by one, by the tier where there is one", () => {
  const large = modelOf("claude-haiku", { tier: "haiku", windowTokens: 100_000 });
  expect([...selectLimits([big, small, large, claude], null, true).compactTokens]).toEqual([
    ["a/big", 1_000_000],
    ["haiku", 100_000],
    ["a/anthropic/claude-sonnet-4.5", 200_000],
  ]);
});

test("smaller ones are named, but for the one that decides", () => {
  const untold = (models: Parameters<typeof selectLimits>[0], model: string | null) =>
    selectLimits(models, model, true).untold.map(({ id }) => id);
  expect(untold([big, small, tiny, opus], null)).toEqual(["a/small", "claude-opus"]);
  expect(untold([big, small, tiny, opus], "a/small")).toEqual([]);
  expect(untold([opus], "claude-opus")).toEqual([]);
});

test("a tier with the window that decides is asked for by our id, where the client can be told that", () => {
  const haiku = modelOf("claude-haiku", { tier: "haiku", windowTokens: 40_000 });
  const ownTiers = (models: Parameters<typeof selectLimits>[0], model: string | null, namesTiers = true) => [
    ...selectLimits(models, model, namesTiers).ownTiers,
  ];
  expect(ownTiers([small, opus, haiku], null)).toEqual(["opus"]);
  expect(ownTiers([small, opus, haiku], "haiku")).toEqual(["haiku"]);
  expect(ownTiers([middle, small, opus], null)).toEqual([]);
  expect(ownTiers([small, opus], null, false)).toEqual([]);
  expect(selectLimits([small, opus], null, false).untold).toEqual([opus]);
});

test("too small windows and unknown ones are told apart", () => {
  const { tooSmall, unknown: nobodyKnows } = selectLimits(
    [big, small, tiny, unknown, opus, claude],
    null,
    true,
  );
  expect([tooSmall, nobodyKnows]).toEqual([[tiny], [unknown]]);
});
