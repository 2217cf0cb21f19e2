import { expect, test } from "bun:test";
import { createIdleLimit } from "../../src/upstream/idle-limit.ts";
import { watchTimers } from "../server/watch-timers.ts";

function createCounted(limitMs: number) {
  let expired = 0;
  const limit = createIdleLimit(limitMs, () => {
    expired += 1;
  });
  return { limit, expired: () => expired };
}

test("[4.7:silent] a wait of the limit expires, once", async () => {
  const { limit, expired } = createCounted(100);
  limit.startWaiting();
  await Bun.sleep(20);
  expect(expired()).toBe(0);
  await Bun.sleep(200);
  expect(expired()).toBe(1);
  limit.end();
});

test("[4.7:silent] at its end no timer is left", () => {
  using timers = watchTimers("upstream");
  const { limit } = createCounted(60_000);
  limit.startWaiting();
  expect(timers.active()).toHaveLength(1);
  limit.end();
  expect(timers.active()).toEqual([]);
});

test("[4.7:silent] the time between waits does not count", async () => {
  const { limit, expired } = createCounted(200);
  for (let i = 0; i < 10; i++) {
    limit.startWaiting();
    await Bun.sleep(25);
    limit.stopWaiting();
    await Bun.sleep(25);
  }
  expect(expired()).toBe(0);
  limit.startWaiting();
  await Bun.sleep(300);
  expect(expired()).toBe(1);
  limit.end();
});

test("[4.7:silent] after the end nothing expires", async () => {
  const { limit, expired } = createCounted(20);
  limit.startWaiting();
  limit.end();
  await Bun.sleep(50);
  expect(expired()).toBe(0);
});
