import { expect, test } from "bun:test";
import { isHeartbeat } from "../../src/upstream/is-heartbeat.ts";

test.each<[data: string, is: boolean]>([
  ["ping", true],
  [": keep-alive 17", true],
  ["a".repeat(100), true],
  ["a".repeat(101), false],
  ['{"type":"ping"', false],
  ["<html>", false],
  ["upstream timed out", false],
  ["Request timeout", false],
])("[4.2] whether %p is a sign of life: %p", (data, is) => {
  expect(isHeartbeat(data)).toBe(is);
});
