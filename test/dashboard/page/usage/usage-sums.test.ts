import { describe, expect, test } from "bun:test";
import { fillDays, foldGroups } from "../../../../src/dashboard/page/usage/chart-groups.ts";
import {
  listEstimateErrors,
  sumUpEstimateErrors,
} from "../../../../src/dashboard/page/usage/estimate-errors.ts";
import { buildSumsCsv } from "../../../../src/dashboard/page/usage/sums-csv.ts";
import {
  addSums,
  countCacheHits,
  knownCostOf,
  sortSums,
} from "../../../../src/dashboard/page/usage/usage-figures.ts";
import type { UsageSum } from "../../../../src/record/record-reader.ts";

function sumOf(key: string | null, values: Partial<UsageSum> = {}): UsageSum {
  return {
    key,
    requests: 1,
    errors: 0,
    promptTokens: 100,
    outputTokens: 10,
    cacheReadTokens: 40,
    cacheWriteTokens: 5,
    thinkingTokens: 2,
    costUsd: 0.5,
    unknownCosts: 0,
    medianFirstByteMs: 300,
    worstFirstByteMs: 900,
    firstMs: 1,
    lastMs: 2,
    ...values,
  };
}

const keysOf = (sums: readonly UsageSum[]) => sums.map(({ key }) => key);

describe("figures of a sum", () => {
  test("the cache's share is of all tokens of the prompts", () => {
    expect(countCacheHits(sumOf("a"))).toBe(0.4);
    expect(countCacheHits(sumOf("a", { promptTokens: 0, cacheReadTokens: 0 }))).toBeNull();
  });

  test.each([
    [0, 0, "all"],
    [1, 0, "all"],
    [1, 2, "part"],
    [0, 2, "none"],
  ] as const)("$%p with %p unknown costs: %s of it is known", (costUsd, unknownCosts, known) => {
    expect(knownCostOf({ costUsd, unknownCosts })).toBe(known);
  });

  test("a total adds what can be added", () => {
    expect(
      addSums([sumOf("a"), sumOf("b", { worstFirstByteMs: null, firstMs: 0, unknownCosts: 3 })]),
    ).toEqual({
      key: null,
      requests: 2,
      errors: 0,
      promptTokens: 200,
      outputTokens: 20,
      cacheReadTokens: 80,
      cacheWriteTokens: 10,
      thinkingTokens: 4,
      costUsd: 1,
      unknownCosts: 3,
      medianFirstByteMs: null,
      worstFirstByteMs: 900,
      firstMs: 0,
      lastMs: 2,
    });
    expect(addSums([sumOf("a")])?.medianFirstByteMs).toBe(300);
    expect(addSums([])).toBeNull();
  });
});

describe("the order of sums", () => {
  const sums = [
    sumOf("cheap", { costUsd: 0.1 }),
    sumOf("unknown", { costUsd: 0, unknownCosts: 1 }),
    sumOf("dear", { costUsd: 5 }),
    sumOf(null, { costUsd: 1 }),
  ];

  test("what is not known comes last in both directions", () => {
    expect(keysOf(sortSums(sums, "costUsd", true))).toEqual(["dear", null, "cheap", "unknown"]);
    expect(keysOf(sortSums(sums, "costUsd", false))).toEqual(["cheap", null, "dear", "unknown"]);
    expect(keysOf(sortSums(sums, "key", false))).toEqual(["cheap", "dear", "unknown", null]);
  });

  test("a share is sorted by its value", () => {
    const shares = [sumOf("low", { cacheReadTokens: 1 }), sumOf("high", { cacheReadTokens: 99 })];
    expect(keysOf(sortSums(shares, "cacheHits", true))).toEqual(["high", "low"]);
  });
});

describe("CSV", () => {
  test("has every number with its unit, and nothing for what is not known", () => {
    const csv = buildSumsCsv("model", [
      sumOf("glm-5"),
      sumOf(null, { costUsd: 0, unknownCosts: 4, medianFirstByteMs: null, worstFirstByteMs: null }),
    ]);
    expect(csv).toBe(
      "model,requests,errors,prompt_tokens,cache_read_tokens,cache_write_tokens,output_tokens,thinking_tokens," +
        "cost_usd,unknown_costs,median_first_byte_ms,worst_first_byte_ms\r\n" +
        "glm-5,1,0,100,40,5,10,2,0.5,0,300,900\r\n" +
        ",1,0,100,40,5,10,2,,4,,\r\n",
    );
  });

  test.each([
    ['a"b,c', '"a""b,c"'],
    ["=1+1", "'=1+1"],
    ["@sum", "'@sum"],
    ["-x\ny", '"\'-x\ny"'],
  ])("keeps %j from becoming anything else", (key, cell) => {
    expect(
      buildSumsCsv("model", [sumOf(key)])
        .split("\r\n")[1]
        ?.startsWith(`${cell},1,`),
    ).toBe(true);
  });
});

describe("the groups of a chart", () => {
  test("days without requests have their place", () => {
    const [first, last] = [sumOf("2026-02-27"), sumOf("2026-03-01")];
    expect(fillDays([last, sumOf(null), sumOf("2026-99-99"), first])).toEqual([
      { label: "2026-02-27", sum: first },
      { label: "2026-02-28", sum: null },
      { label: "2026-03-01", sum: last },
    ]);
    expect(fillDays([])).toEqual([]);
  });

  test("years become the last 120 days", () => {
    const days = fillDays([sumOf("1999-01-01"), sumOf("2026-11-30")]);
    expect([days.length, days[0]?.label, days.at(-1)?.label]).toEqual([120, "2026-08-03", "2026-11-30"]);
  });

  test("what has no place of its own is summed up", () => {
    const nameOf = (key: string | null) => key ?? "not known";
    const sums = [sumOf("a"), sumOf("b"), sumOf(null)];
    expect(foldGroups(sums, 3, nameOf).map(({ label }) => label)).toEqual(["a", "b", "not known"]);
    const folded = foldGroups(sums, 2, nameOf);
    expect(folded.map(({ label, sum }) => [label, sum?.requests])).toEqual([
      ["a", 1],
      ["2 others", 2],
    ]);
  });
});

describe("estimates against the truth", () => {
  const request = (requestId: string, timeMs: number, estimateErrorPercent: number | null) => ({
    requestId,
    timeMs,
    model: "glm-5",
    estimatedTokens: 1_000,
    estimateErrorPercent,
  });

  test("are listed from oldest to newest where the truth is known", () => {
    expect(
      listEstimateErrors([request("b", 2, -4), request("x", 3, null), request("a", 1, 1)]).map(
        ({ requestId, errorPercent }) => [requestId, errorPercent],
      ),
    ).toEqual([
      ["a", 1],
      ["b", -4],
    ]);
  });

  test("are summed up without their signs", () => {
    const errors = listEstimateErrors([request("a", 1, -8), request("b", 2, 2), request("c", 3, 4)]);
    expect(sumUpEstimateErrors(errors)).toEqual({ requests: 3, medianPercent: 4, worstPercent: 8 });
    expect(sumUpEstimateErrors(errors.slice(0, 2))).toEqual({
      requests: 2,
      medianPercent: 5,
      worstPercent: 8,
    });
    expect(sumUpEstimateErrors([])).toBeNull();
  });
});
