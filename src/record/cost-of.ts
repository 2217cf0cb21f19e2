import type { ModelPrice } from "../config/file-config.ts";
import type { RequestRecord } from "../logging/request-record.ts";
import type { CostSource } from "./recorded-request.ts";

/** Tokens of one request, as the client's wire counts them: those from and to a cache are not among the input. */
export type PricedTokens = Pick<
  RequestRecord,
  "inputTokens" | "outputTokens" | "cacheReadTokens" | "cacheWriteTokens"
>;

export interface Cost {
  readonly usd: number;
  readonly source: CostSource;
}

/** A dollar for a million tokens is so many picodollars for one. */
const picodollarsPerToken = 1_000_000;
const picodollarsPerUsd = 1e12;

/**
 * What a request cost: the upstream's own figure, else tokens times the price. Null if neither is known, or if there
 * were tokens of a kind whose price is not known. Never a guess: counts that are only estimated have no cost, nor have
 * those of an answer that did not come to its end, which are not final.
 */
export function costOf(
  record: PricedTokens & Pick<RequestRecord, "costUsd" | "usageEstimated" | "stopReason">,
  price: ModelPrice | null,
): Cost | null {
  if (record.costUsd !== null) return { usd: record.costUsd, source: "upstream" };
  if (price === null || record.usageEstimated || record.stopReason === null) return null;
  if (record.inputTokens === null || record.outputTokens === null) return null;
  const usd = priceTokens(record, price);
  return usd === null ? null : { usd, source: "price" };
}

/**
 * Dollars for these tokens, exact to a picodollar; null if there are some of a kind whose price is not known.
 */
export function priceTokens(tokens: PricedTokens, price: ModelPrice): number | null {
  const parts = [
    [tokens.inputTokens, price.input],
    [tokens.outputTokens, price.output],
    [tokens.cacheReadTokens, price.cacheRead],
    [tokens.cacheWriteTokens, price.cacheWrite],
  ] as const;
  let sum = 0;
  for (const [count, perMillion] of parts) {
    if (count === null || count === 0) continue;
    if (perMillion === null) return null;
    // In whole numbers: a sum of fractions is not exact.
    sum += Math.round(count * perMillion * picodollarsPerToken);
  }
  return sum / picodollarsPerUsd;
}

/** Whether a model was at work for a messages request: it has a cost then, known or not, also if its answer broke off. */
export function wasAtWork({
  outputTokens,
  attempts,
  status,
}: Pick<RequestRecord, "outputTokens" | "attempts" | "status">): boolean {
  const hasBegun = status === 200 || status === 499;
  return (outputTokens !== null && outputTokens > 0) || (attempts > 0 && hasBegun);
}
