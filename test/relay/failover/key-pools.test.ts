import { describe, expect, test } from "bun:test";
import { ApiError } from "../../../src/anthropic/api-error.ts";
import { createKeyPools } from "../../../src/relay/failover/key-pools.ts";
import { createClock } from "./clock.ts";

const keys = ["key-a", "key-b", "key-c"];
const error = new ApiError("rate_limit_error", "slow down");
const refused = (seconds: number, status = 429) => ({ seconds, status, error });

function start() {
  const clock = createClock();
  const pools = createKeyPools(clock.nowMs);
  const first = (conversationId: string | null) => pools.listFree("up", keys, conversationId)[0]?.key ?? "";
  return { clock, pools, first };
}

describe("the keys of a conversation", () => {
  test("are all of them, in an order that is always the same", () => {
    const { pools } = start();
    const other = createKeyPools(() => 0);
    for (const session of ["one", "two", "three"]) {
      const order = pools.listFree("up", keys, session);
      expect(order.map(({ key }) => key).toSorted()).toEqual(keys);
      expect(order.map(({ key, number }) => keys[number - 1] === key)).toEqual([true, true, true]);
      expect(other.listFree("up", keys, session)).toEqual(order);
    }
  });

  test("are spread over the conversations", () => {
    const { first } = start();
    const firsts = Array.from({ length: 300 }, (_, number) => first(`session ${number}`));
    for (const key of keys) expect(firsts.filter((one) => one === key).length).toBeGreaterThan(60);
  });

  test("stay, where another one is refused, and come back", () => {
    const { clock, pools, first } = start();
    const sessions = Array.from({ length: 50 }, (_, number) => `session ${number}`);
    const before = sessions.map(first);
    pools.cool("up", "key-b", refused(30));
    const meanwhile = sessions.map(first);
    expect(meanwhile).not.toContain("key-b");
    const hadOther = (_: string, index: number) => before[index] !== "key-b";
    expect(meanwhile.filter(hadOther)).toEqual(before.filter(hadOther));
    clock.pass(30_000);
    expect(sessions.map(first)).toEqual(before);
  });

  test("take turns where there is no conversation", () => {
    const { first } = start();
    expect(Array.from({ length: 4 }, () => first(null))).toEqual(["key-a", "key-b", "key-c", "key-a"]);
  });
});

describe("a key that was refused", () => {
  test("is not used until its time is over, at its upstream alone", () => {
    const { clock, pools } = start();
    pools.cool("up", "key-a", refused(60));
    expect(pools.listFree("other", keys, "s")).toHaveLength(3);
    clock.pass(59_999);
    expect(pools.listFree("up", keys, "s")).toHaveLength(2);
    clock.pass(1);
    expect(pools.listFree("up", keys, "s")).toHaveLength(3);
  });

  test("is told, when all were, if it is free first", () => {
    const { clock, pools } = start();
    pools.cool("up", "key-a", refused(3600, 401));
    pools.cool("up", "key-b", refused(42.5));
    expect(pools.findFirstFree("up", keys)).toBe(null);
    pools.cool("up", "key-c", refused(100, 402));
    expect(pools.findFirstFree("up", keys)).toEqual({ number: 2, status: 429, error, freeInSeconds: 43 });
    clock.pass(42_000);
    expect(pools.findFirstFree("up", keys)).toMatchObject({ number: 2, freeInSeconds: 1 });
    clock.pass(500);
    expect(pools.findFirstFree("up", keys)).toBe(null);
  });

  test("leaves no text of it behind", () => {
    const { pools } = start();
    pools.cool("up", "key-a", refused(60));
    expect(JSON.stringify(pools.findFirstFree("up", ["key-a"]))).not.toContain("key-a");
  });
});
