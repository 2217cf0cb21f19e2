import { describe, expect, test } from "bun:test";
import { createHealth, type Health } from "../../../src/relay/failover/health.ts";
import { createClock } from "./clock.ts";

function start() {
  const clock = createClock();
  const health = createHealth(clock.nowMs);
  const fail = (times = 1, target = "a/x") =>
    Array.from({ length: times }, () => health.begin(target).fail()).at(-1) ?? null;
  const succeed = (times = 1) => {
    for (let time = 0; time < times; time += 1) health.begin("a/x").succeed();
  };
  const isPaused = (target = "a/x") => health.pausedUntilMs(target) !== null;
  return { clock, health, fail, succeed, isPaused };
}

/** Lets the pause end, and its probe fail. */
const failProbe = (health: Health, clock: ReturnType<typeof createClock>, ms: number) => {
  clock.pass(ms);
  return health.begin("a/x").fail();
};

describe("a target is passed over", () => {
  test("after five failures in a row, however long they take, and no other target with it", () => {
    const { clock, health, isPaused } = start();
    for (let time = 0; time < 5; time += 1) {
      expect(isPaused()).toBe(false);
      clock.pass(3_600_000);
      expect(health.begin("a/x").fail()).toBe(time === 4 ? 5_000 : null);
    }
    expect([isPaused(), isPaused("a/y")]).toEqual([true, false]);
  });

  test("not after five with an answer between them", () => {
    const { fail, succeed, isPaused } = start();
    fail(4);
    succeed();
    fail(4);
    expect(isPaused()).toBe(false);
  });

  test.each([
    ["half of the last twenty within a minute", 3_100, true],
    ["not where they took longer", 3_300, false],
  ])("after %s", (_, everyMs, expected) => {
    const { clock, fail, succeed, isPaused } = start();
    for (let time = 0; time < 20; time += 1) {
      expect(isPaused()).toBe(false);
      if (time % 2 === 0) succeed();
      else fail();
      clock.pass(everyMs);
    }
    expect(isPaused()).toBe(expected);
  });

  test("for 5, 10, 20 … 300 s, and for 5 again once it has answered", () => {
    const { clock, health, fail, succeed } = start();
    let pauseMs = fail(5) ?? 0;
    const pauses = [pauseMs];
    for (let time = 0; time < 7; time += 1) {
      pauseMs = failProbe(health, clock, pauseMs) ?? 0;
      pauses.push(pauseMs);
    }
    expect(pauses.map((ms) => ms / 1000)).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
    clock.pass(300_000);
    succeed();
    expect(fail(5)).toBe(5_000);
  });

  test("until its time is over, to the millisecond", () => {
    const { clock, fail, isPaused } = start();
    fail(5);
    clock.pass(4_999);
    expect(isPaused()).toBe(true);
    clock.pass(1);
    expect(isPaused()).toBe(false);
  });
});

describe("the probe", () => {
  test("is one request: until it is known what came of it, no other one may ask", () => {
    const { clock, health, fail, isPaused } = start();
    fail(5);
    clock.pass(5_000);
    const probe = health.begin("a/x");
    expect(isPaused()).toBe(true);
    clock.pass(60_000);
    expect(isPaused()).toBe(true);
    probe.succeed();
    expect(isPaused()).toBe(false);
  });

  test("whose client goes away gives its place back, and says nothing of the target", () => {
    const { clock, health, fail, isPaused } = start();
    fail(5);
    clock.pass(5_000);
    health.begin("a/x").release();
    expect(isPaused()).toBe(false);
    expect(health.begin("a/x").fail()).toBe(10_000);
  });

  test("that has answered is not given back by the end of its answer", () => {
    const { clock, health, fail, isPaused } = start();
    fail(5);
    clock.pass(5_000);
    const first = health.begin("a/x");
    first.succeed();
    fail(5);
    clock.pass(5_000);
    const second = health.begin("a/x");
    first.release();
    expect(isPaused()).toBe(true);
    second.release();
    expect(isPaused()).toBe(false);
  });
});

describe("requests during a pause", () => {
  test("do not make it longer: they had no other target, or were on their way", () => {
    const { clock, health, fail, isPaused } = start();
    const early = health.begin("a/x");
    fail(5);
    expect([early.fail(), fail(3)]).toEqual([null, null]);
    clock.pass(5_000);
    expect(isPaused()).toBe(false);
  });

  test("end it when they are answered", () => {
    const { fail, succeed, isPaused } = start();
    fail(5);
    succeed();
    expect(isPaused()).toBe(false);
    expect(fail(4)).toBe(null);
  });
});

test("an answer that breaks off is a failure, counted once", () => {
  const { health, isPaused } = start();
  for (let time = 0; time < 5; time += 1) {
    expect(isPaused()).toBe(false);
    const trial = health.begin("a/x");
    trial.succeed();
    expect([trial.fail(), trial.fail()]).toEqual([time === 4 ? 5_000 : null, null]);
  }
  expect(isPaused()).toBe(true);
});

test("what was given up is no verdict", () => {
  const { health, fail } = start();
  fail(4);
  const trial = health.begin("a/x");
  trial.release();
  expect(trial.fail()).toBe(null);
  expect(fail()).toBe(5_000);
});

test("of targets without number only some hundred are remembered", () => {
  const { health, fail, isPaused } = start();
  fail(5);
  for (let number = 0; number < 500; number += 1) health.begin(`a/${number}`).release();
  expect(isPaused()).toBe(false);
});
