import { expect, test } from "bun:test";
import { refuseSpending } from "../../src/budget/describe-spending.ts";
import { SpendingCounter } from "../../src/budget/spending-counter.ts";

test.each([
  [0, "$0"],
  [0.000_099, "<$0.0001"],
  [0.0001, "$0.0001"],
  [0.0004, "$0.0004"],
  [0.002, "$0.0020"],
  [0.099, "$0.0990"],
  [0.1, "$0.10"],
  [3, "$3"],
])("%d dollars are told as %s", (spentUsd, words) => {
  const cap = {
    client: null,
    limitUsd: 1,
    name: "one session",
    period: "session",
    setting: "BUDGET_USD_PER_SESSION",
  } as const;
  const counter = new SpendingCounter(cap, { period: null, sessionId: "one" });
  counter.spentUsd = spentUsd;
  expect(refuseSpending(counter, 0).message).toBe(
    `claude-proxy: The limit of $1 for one session is reached: ${words} spent. Start a new session, or raise BUDGET_USD_PER_SESSION.`,
  );
});
