import { expect, test } from "bun:test";
import { findAbilities, parseClientVersion } from "../../src/launch/client-version.ts";

test.each([
  ["2.1.330 (Claude Code)\n", [2, 1, 330]],
  ["1.0.56 (Claude Code)", [1, 0, 56]],
  ["10.20.30", [10, 20, 30]],
  ["claude 2.1.330", null],
  ["2.1", null],
  ["", null],
] as const)("%j", (text, version) => {
  expect(parseClientVersion(text)).toEqual(version as [number, number, number] | null);
});

test.each([
  [null, false, false],
  [[1, 9, 999], false, false],
  [[2, 0, 76], false, false],
  [[2, 0, 77], true, false],
  [[2, 1, 329], true, false],
  [[2, 1, 330], true, true],
  [[3, 0, 0], true, true],
] as const)("%j takes settings: %p, and those of a host: %p", (version, settings, hostSettings) => {
  expect(findAbilities(version)).toEqual({ settings, hostSettings });
});
