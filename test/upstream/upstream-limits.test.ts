import { describe, expect, test } from "bun:test";
import { defaultUpstreamLimits, extendLimits } from "../../src/upstream/upstream-limits.ts";

const limits = { ...defaultUpstreamLimits, firstByteMs: 360_000, idleMs: 360_000 };

describe("[20.4:silence] an upstream that may be silent for 900 seconds", () => {
  test.each([
    ["gets them where no limit was set", { firstByte: true, idle: true }, 900_000, 900_000],
    ["not where one was set", { firstByte: false, idle: false }, 360_000, 360_000],
    ["only for the other one", { firstByte: false, idle: true }, 360_000, 900_000],
  ] as const)("%s", (_, usual, firstByteMs, idleMs) => {
    expect(extendLimits(limits, usual, 900)).toEqual({ ...limits, firstByteMs, idleMs });
  });

  test("keeps a longer limit, and none at all", () => {
    const longer = { ...limits, firstByteMs: Number.POSITIVE_INFINITY, idleMs: 1_000_000 };
    expect(extendLimits(longer, { firstByte: true, idle: true }, 900)).toEqual(longer);
  });
});

test("any other upstream has the limits as they are", () => {
  expect(extendLimits(limits, { firstByte: true, idle: true }, null)).toBe(limits);
});
