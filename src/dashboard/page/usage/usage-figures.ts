import type { UsageSum } from "../../../record/record-reader.ts";

/** The part of the prompts' tokens that came from a cache, from 0 to 1; null where there were none. */
export function countCacheHits({
  promptTokens,
  cacheReadTokens,
}: Pick<UsageSum, "promptTokens" | "cacheReadTokens">): number | null {
  return promptTokens > 0 ? cacheReadTokens / promptTokens : null;
}

/** What a sum says about its cost: `all` of it is known, only a `part`, or `none`. */
export type KnownCost = "all" | "part" | "none";

/** How much of the cost is known. Nothing is known where no answer of several had a price: that is not zero. */
export function knownCostOf({
  costUsd,
  unknownCosts,
}: Pick<UsageSum, "costUsd" | "unknownCosts">): KnownCost {
  if (unknownCosts === 0) return "all";
  return costUsd > 0 ? "part" : "none";
}

/** What a table of sums is sorted by. */
export type UsageColumn =
  | "key"
  | "requests"
  | "errors"
  | "promptTokens"
  | "cacheHits"
  | "outputTokens"
  | "costUsd"
  | "medianFirstByteMs"
  | "worstFirstByteMs";

/** The value that a column shows of a sum; null is not known. */
function figureOf(sum: UsageSum, column: UsageColumn): number | string | null {
  if (column === "cacheHits") return countCacheHits(sum);
  if (column === "costUsd") return knownCostOf(sum) === "none" ? null : sum.costUsd;
  return sum[column];
}

/** The sums in the order of a column; what is not known comes last in both directions. */
export function sortSums(
  sums: readonly UsageSum[],
  column: UsageColumn,
  isDescending: boolean,
): readonly UsageSum[] {
  const sign = isDescending ? -1 : 1;
  return sums.toSorted((a, b) => {
    const [left, right] = [figureOf(a, column), figureOf(b, column)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === "number" && typeof right === "number") return sign * (left - right);
    return sign * String(left).localeCompare(String(right), "en");
  });
}

/** All sums as one. The median of medians is not a median: it is null unless there is one sum only. */
export function addSums(sums: readonly UsageSum[]): UsageSum | null {
  const [first, ...others] = sums;
  if (first === undefined) return null;
  return others.reduce(
    (total, sum) => ({
      key: null,
      requests: total.requests + sum.requests,
      errors: total.errors + sum.errors,
      promptTokens: total.promptTokens + sum.promptTokens,
      outputTokens: total.outputTokens + sum.outputTokens,
      cacheReadTokens: total.cacheReadTokens + sum.cacheReadTokens,
      cacheWriteTokens: total.cacheWriteTokens + sum.cacheWriteTokens,
      thinkingTokens: total.thinkingTokens + sum.thinkingTokens,
      costUsd: total.costUsd + sum.costUsd,
      unknownCosts: total.unknownCosts + sum.unknownCosts,
      medianFirstByteMs: null,
      worstFirstByteMs: greaterOf(total.worstFirstByteMs, sum.worstFirstByteMs),
      firstMs: Math.min(total.firstMs, sum.firstMs),
      lastMs: Math.max(total.lastMs, sum.lastMs),
    }),
    { ...first, key: null },
  );
}

function greaterOf(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
