import { describe, expect, test } from "bun:test";
import { medianOf } from "../../scripts/median-of.ts";
import { judgeMemory, mostAtRestMegabytes } from "../../scripts/soak/judge-memory.ts";

describe("memory of a soak", () => {
  const steady = [180, 175, 240, 178, 176];
  test.each<[string, number[], number[], number, number]>([
    ["that stays", steady, steady, 160, 0],
    ["that falls", steady, [150, 150, 150], 160, 0],
    ["with one high sample at its end", steady, [179, 176, 178, 177, 260], 160, 0],
    ["that grows by 5 %", [100], [105], 160, 0],
    ["that grows by more than 5 % and less than 20 MB", [100], [106], 160, 1],
    ["that grows by less than 5 % and more than 20 MB", [1000], [1021], 160, 1],
    ["that is kept at rest", steady, steady, mostAtRestMegabytes + 1, 1],
    ["that grows and is kept", [100], [200], mostAtRestMegabytes + 1, 2],
    ["that nobody has measured", [], [], 160, 1],
  ])("%s", (_name, second, last, rest, faults) => {
    expect(judgeMemory({ minutes: 30, second, last, rest })).toHaveLength(faults);
  });

  test("may grow by more where the second third is still a part of the warm-up, but not by more megabytes", () => {
    expect(judgeMemory({ minutes: 2, second: [100], last: [110], rest: 160 })).toHaveLength(0);
    expect(judgeMemory({ minutes: 2, second: [100], last: [111], rest: 160 })).toHaveLength(1);
    expect(judgeMemory({ minutes: 2, second: [300], last: [321], rest: 160 })).toHaveLength(1);
    expect(judgeMemory({ minutes: 5, second: [100], last: [106], rest: 160 })).toHaveLength(1);
  });

  test("the middle of an even number of samples is the lower one", () => {
    expect([medianOf([4, 1, 3, 2]), medianOf([3, 1, 2])]).toEqual([2, 2]);
  });
});
