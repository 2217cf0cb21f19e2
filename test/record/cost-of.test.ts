import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ModelPrice } from "../../src/config/file-config.ts";
import { costOf, type PricedTokens, priceTokens } from "../../src/record/cost-of.ts";
import { chunk, stopChunk, usageChunk } from "../support/chunks.ts";
import { collectTraces } from "../support/collect-traces.ts";
import { sse } from "../support/reply.ts";
import { hello, startPair } from "../support/start-pair.ts";

const told = { costUsd: null, usageEstimated: false, stopReason: "end_turn" };
const noTokens = { inputTokens: null, outputTokens: null, cacheReadTokens: null, cacheWriteTokens: null };

const count = fc.nat(2_000_000);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const tokens: fc.Arbitrary<PricedTokens> = fc.record({
  inputTokens: maybe(count),
  outputTokens: maybe(count),
  cacheReadTokens: maybe(count),
  cacheWriteTokens: maybe(count),
});
/** Dollars for a million tokens, in whole microdollars. */
const perMillion = fc.nat(100_000_000).map((microdollars) => microdollars / 1e6);
const price: fc.Arbitrary<ModelPrice> = fc.record({
  input: perMillion,
  output: perMillion,
  cacheRead: maybe(perMillion),
  cacheWrite: maybe(perMillion),
});

/** In whole picodollars, which JavaScript's large integers count exactly. */
function exactCost(counted: PricedTokens, { input, output, cacheRead, cacheWrite }: ModelPrice): bigint {
  const part = (of: number | null, each: number | null) =>
    BigInt(of ?? 0) * BigInt(Math.round((each ?? 0) * 1e6));
  return (
    part(counted.inputTokens, input) +
    part(counted.outputTokens, output) +
    part(counted.cacheReadTokens, cacheRead) +
    part(counted.cacheWriteTokens, cacheWrite)
  );
}

const toPicodollars = (usd: number) => BigInt(Math.round(usd * 1e12));

describe("tokens times the price", () => {
  test("each kind at its own price", () => {
    const each = {
      inputTokens: 1_000_000,
      outputTokens: 1_000_000,
      cacheReadTokens: 1_000_000,
      cacheWriteTokens: 1_000_000,
    };
    const prices = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };
    expect(costOf({ ...told, ...each }, prices)).toEqual({ usd: 22.05, source: "price" });
    const cached = { ...noTokens, inputTokens: 10, outputTokens: 0, cacheReadTokens: 200_000 };
    expect(costOf({ ...told, ...cached }, prices)).toEqual({ usd: 0.06003, source: "price" });
  });

  test("are exact to the last picodollar, or unknown", () => {
    fc.assert(
      fc.property(tokens, price, (counted, prices) => {
        const usd = priceTokens(counted, prices);
        const isUnknown =
          ((counted.cacheReadTokens ?? 0) > 0 && prices.cacheRead === null) ||
          ((counted.cacheWriteTokens ?? 0) > 0 && prices.cacheWrite === null);
        if (isUnknown) expect(usd).toBeNull();
        else expect(usd === null ? null : toPicodollars(usd)).toBe(exactCost(counted, prices));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("what is not known is never free", () => {
  test("without a price, and without counts", () => {
    fc.assert(
      fc.property(tokens, price, (counted, prices) => {
        expect(costOf({ ...told, ...counted }, null)).toBeNull();
        expect(costOf({ ...told, ...counted, inputTokens: null }, prices)).toBeNull();
        expect(costOf({ ...told, ...counted, outputTokens: null }, prices)).toBeNull();
      }),
    );
  });

  test("counts of our own, and of an answer without an end", () => {
    fc.assert(
      fc.property(tokens, price, (counted, prices) => {
        expect(costOf({ ...told, ...counted, usageEstimated: true }, prices)).toBeNull();
        expect(costOf({ ...told, ...counted, stopReason: null }, prices)).toBeNull();
      }),
    );
  });

  test("a cost of zero has a price of zero, or no tokens", () => {
    fc.assert(
      fc.property(tokens, price, (counted, prices) => {
        const cost = costOf({ ...told, ...counted }, prices);
        if (cost?.usd === 0) expect(exactCost(counted, prices)).toBe(0n);
      }),
    );
  });
});

test("the upstream's own figure outweighs everything", () => {
  fc.assert(
    fc.property(
      tokens,
      maybe(price),
      fc.double({ min: 0, max: 1000, noNaN: true }),
      fc.boolean(),
      (counted, prices, costUsd, usageEstimated) => {
        const record = { ...counted, costUsd, usageEstimated, stopReason: null };
        expect(costOf(record, prices)).toEqual({ usd: costUsd, source: "upstream" });
      },
    ),
  );
});

describe("OpenRouter tells the cost of each answer", () => {
  const usage = (cost: unknown) => ({
    prompt_tokens: 194,
    completion_tokens: 2,
    total_tokens: 196,
    cost,
    prompt_tokens_details: { cached_tokens: 100 },
    cost_details: { upstream_inference_cost: null },
  });

  test.each([0.00014, 1.4e-7, 0.95, 0.123456789012, 3.000000000001e-6, 0, "0.000143"])("%p", async (cost) => {
    const traces = collectTraces();
    const settings = { upstreamProfile: "openrouter" } as const;
    await using pair = await startPair({ watching: traces.watching, settings });
    pair.upstream.reply(
      sse([
        ": OPENROUTER PROCESSING\n\n",
        chunk({ content: "Hello" }),
        chunk({}, "stop"),
        usageChunk(usage(cost)),
      ]),
    );
    await (await pair.post({ ...hello, stream: true })).text();
    const { record, trace } = await traces.ended(0);
    const { usd, source } = costOf(record, trace.price) ?? {};
    expect(source).toBe("upstream");
    expect(toPicodollars(usd ?? -1)).toBe(toPicodollars(Number(cost)));
    expect(usd).toBe(Number(cost));
  });

  test("and an answer without it has none", async () => {
    const traces = collectTraces();
    await using pair = await startPair({ watching: traces.watching });
    pair.upstream.reply(sse([chunk({ content: "Hello" }), stopChunk]));
    await (await pair.post({ ...hello, stream: true })).text();
    const { record, trace } = await traces.ended(0);
    expect(costOf(record, trace.price)).toBeNull();
  });
});
