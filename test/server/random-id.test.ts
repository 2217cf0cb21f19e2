import { expect, test } from "bun:test";
import { randomId } from "../../src/server/random-id.ts";

test("ids are all different, and of all letters and digits alike", () => {
  const ids = Array.from({ length: 5000 }, () => randomId("msg"));
  expect(ids.filter((id) => !/^msg_[0-9A-Za-z]{24}$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
  const counts = new Map<string, number>();
  for (const character of ids.map((id) => id.slice(4)).join("")) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  // 1,935 of each on average; ten times their deviation is 440.
  expect(counts.size).toBe(62);
  expect(Math.min(...counts.values())).toBeWithin(1495, 1936);
  expect(Math.max(...counts.values())).toBeWithin(1935, 2376);
});
