import { expect, test } from "bun:test";
import { createRunningRequests } from "../../../src/relay/failover/running-requests.ts";

test("an upstream takes as many requests as it may, and one more for each that ends", () => {
  const running = createRunningRequests();
  const first = running.enter("a", 2);
  expect(running.enter("a", 2)).not.toBe(null);
  expect([running.enter("a", 2), running.enter("b", 2) === null]).toEqual([null, false]);
  first?.();
  first?.();
  expect([running.enter("a", 2) === null, running.enter("a", 2)]).toEqual([false, null]);
});

test("requests that began when there was no limit count when there is one", () => {
  const running = createRunningRequests();
  const end = running.enter("a", null);
  expect(running.enter("a", 1)).toBe(null);
  end?.();
  expect(running.enter("a", 1)).not.toBe(null);
});
