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

test("no pair of characters is likelier than another, as a rest of 2^16 would make those at the begin", () => {
  const ids = Array.from({ length: 20_000 }, () => randomId("msg").slice(4));
  let atBegin = 0;
  for (const id of ids)
    for (let at = 0; at < id.length; at += 2) if ("012".includes(id.charAt(at))) atBegin += 1;
  // 3 of 62, five times its deviation; with the rest it would be 12,290.
  expect(atBegin).toBeWithin(11_613 - 525, 11_613 + 525);
});
