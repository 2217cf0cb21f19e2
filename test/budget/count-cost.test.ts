import { expect, test } from "bun:test";
import fc from "fast-check";
import { countCost, countSpent } from "../../src/budget/count-cost.ts";
import { endedExchange } from "./ended-exchange.ts";

const assumed = { input: 5, output: 25 };
const price = { input: 1, output: 2, cacheRead: null, cacheWrite: null };
const million = 1_000_000;
const tokens = {
  inputTokens: million,
  outputTokens: million,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  attempts: 1,
  stopReason: "end_turn",
};

test.each([
  ["the upstream's own figure", { ...tokens, costUsd: 0.5 }, { price }, 0.5, false],
  ["that figure, when it is nothing", { ...tokens, costUsd: 0 }, { price }, 0, false],
  ["but never less than nothing", { ...tokens, costUsd: -3 }, { price }, 0, false],
  ["tokens times the price", tokens, { price }, 3, false],
  [
    "tokens of a cache without a price of their own",
    { ...tokens, cacheReadTokens: million },
    { price },
    4,
    false,
  ],
  ["a price of nothing", tokens, { price: { ...price, input: 0, output: 0 } }, 0, false],
  ["tokens times the assumed price", tokens, {}, 30, true],
  ["our own count where the upstream told none", { ...tokens, usageEstimated: true }, { price }, 3, false],
  [
    "nothing for a request that was refused here",
    { status: 429, attempts: 0 },
    { estimatedTokens: 9 },
    0,
    false,
  ],
  [
    "nothing for one that its upstream refused",
    { status: 400, attempts: 1 },
    { estimatedTokens: 9 },
    0,
    false,
  ],
  [
    "the prompt, for a client that went before the answer",
    { status: 499, attempts: 1 },
    { estimatedTokens: million, price },
    1,
    false,
  ],
  [
    "the prompt by its bytes, where nobody counted it",
    { status: 499, attempts: 1 },
    { sentBytes: 4 * million, price },
    1,
    false,
  ],
  [
    "the prompt by the client's own bytes, where nothing was sent yet",
    { status: 499, attempts: 1 },
    { requestBytes: 4 * million, price },
    1,
    false,
  ],
  ["nothing where nothing is known", { status: 499, attempts: 1 }, { price }, 0, false],
  [
    "each event a token, for a stream that broke off",
    { status: 200, attempts: 1, events: million, errorType: "api_error" },
    { estimatedTokens: 0, answerBytes: 115 * million, price },
    2,
    false,
  ],
  [
    "what the client was sent, where a stream broke off after it had told its prompt",
    { status: 499, attempts: 1, events: million, inputTokens: million, outputTokens: 1, stopReason: null },
    { answerBytes: 115 * million, price },
    3,
    false,
  ],
  [
    "and its text, where it came in large pieces",
    { status: 499, attempts: 1, events: 1 },
    { estimatedTokens: 0, answerBytes: 4 * million + 115, price },
    2,
    false,
  ],
])("a request counts %s", (_, record, trace, usd, isAssumed) => {
  expect(countCost(endedExchange(record, trace), assumed)).toEqual({ usd, isAssumed });
});

test("what was answered counts something, whatever is known of it", () => {
  const count = fc.nat(million);
  const maybe = fc.option(count);
  const answered = fc.record({
    inputTokens: maybe,
    outputTokens: maybe,
    cacheReadTokens: maybe,
    cacheWriteTokens: maybe,
    usageEstimated: fc.boolean(),
    status: fc.constantFrom(200, 499),
    events: fc.integer({ min: 1, max: million }),
  });
  const trace = fc.record({ estimatedTokens: maybe, sentBytes: maybe, answerBytes: count });
  fc.assert(
    fc.property(answered, trace, (record, known) => {
      const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = record;
      const all = [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens];
      fc.pre(inputTokens === null || all.some((one) => one !== null && one > 0));
      const { usd } = countCost(endedExchange({ ...record, attempts: 1 }, known), assumed);
      expect(usd).toBeGreaterThan(0);
      expect(Number.isFinite(usd)).toBe(true);
    }),
  );
});

test("what the record has of unknown cost counts at the assumed price", () => {
  const unknown = { requests: 2, promptTokens: million, outputTokens: 2 * million };
  expect(countSpent({ usd: 1.5, unknown }, assumed)).toBe(56.5);
  expect(countSpent({ usd: 1.5, unknown: { requests: 0, promptTokens: 0, outputTokens: 0 } }, assumed)).toBe(
    1.5,
  );
});
