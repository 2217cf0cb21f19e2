import type { Config } from "../config/config.ts";
import type { ModelPrice } from "../config/file-config.ts";
import { costOf, type PricedTokens, priceTokens } from "../record/cost-of.ts";
import type { Spent } from "../record/record-reader.ts";
import type { EndedExchange } from "../relay/exchange.ts";
import type { RequestSize } from "./budgets.ts";

/** Dollars for a million tokens of a model whose price is not known. */
export interface AssumedPrice {
  readonly input: number;
  readonly output: number;
}

/** Counts what must count for something where unknown prices are refused: answers whose upstream usually tells the cost. */
const usualPrice: AssumedPrice = { input: 5, output: 25 };

/** What counts for models whose price is not known. */
export function assumePrice({ budgetUnknownPrice }: Pick<Config, "budgetUnknownPrice">): AssumedPrice {
  return budgetUnknownPrice ?? usualPrice;
}

/** What a request counts against a cap. */
export interface CountedCost {
  readonly usd: number;
  /** Its price is not known: it counts at the assumed one. */
  readonly isAssumed: boolean;
}

/** A token of a request that was not counted, in bytes of its body; less than most texts need. */
const bytesPerToken = 4;
/** What a stream event takes beside the text in it. */
const bytesAroundText = 115;

/**
 * What a request counts against a cap. Unlike the cost that is shown it is never unknown: what the upstream did not tell
 * counts by our own count of the tokens, and a price that is not known by the assumed one. A request that was refused,
 * here or by its upstream, counts nothing.
 */
export function countCost({ record, trace }: EndedExchange, assumed: AssumedPrice): CountedCost {
  const known = costOf(record, trace.price);
  if (known !== null) return { usd: Math.max(0, known.usd), isAssumed: false };
  const tokens = findTokens({ record, trace });
  if (tokens === null) return { usd: 0, isAssumed: false };
  const usd = priceTokens(tokens, fillPrice(trace.price ?? assumed)) ?? 0;
  return { usd, isAssumed: trace.price === null && usd > 0 };
}

/** What the record says was spent, with its answers of unknown cost at the assumed price. Dollars. */
export function countSpent({ usd, unknown }: Spent, assumed: AssumedPrice): number {
  const tokens = { inputTokens: unknown.promptTokens, outputTokens: unknown.outputTokens };
  const inCache = { cacheReadTokens: null, cacheWriteTokens: null };
  return usd + (priceTokens({ ...tokens, ...inCache }, fillPrice(assumed)) ?? 0);
}

/** The most that a request costs at a price: nothing of its prompt is in a cache yet, and may be written to one. Dollars. */
export function countMost({ input, output }: RequestSize, price: AssumedPrice & Partial<ModelPrice>): number {
  const filled = fillPrice(price);
  const dearest = { ...filled, input: Math.max(filled.input, filled.cacheWrite ?? 0) };
  const tokens = { inputTokens: input, outputTokens: output, cacheReadTokens: null, cacheWriteTokens: null };
  return priceTokens(tokens, dearest) ?? 0;
}

/** Tokens from and to a cache whose price nobody knows cost what others cost. */
function fillPrice(price: AssumedPrice & Partial<ModelPrice>): ModelPrice {
  const { input, output, cacheRead, cacheWrite } = price;
  return { input, output, cacheRead: cacheRead ?? input, cacheWrite: cacheWrite ?? input };
}

/**
 * The tokens of a request: those that were told, and for those that were not, or not yet when the answer broke off, our
 * own count of the prompt and of what the client was sent. Null if no model was at work.
 */
function findTokens({ record, trace }: EndedExchange): PricedTokens | null {
  const { status, attempts, events, inputTokens, outputTokens, stopReason } = record;
  const hasBegun = status === 499 || events !== null;
  if (inputTokens === null && (attempts === 0 || !hasBegun)) return null;
  const inBody = (trace.sentBytes ?? trace.requestBytes ?? 0) / bytesPerToken;
  const told = events ?? 0;
  // Models are heard token by token, and some upstreams send several at once.
  const inText = (trace.answerBytes - told * bytesAroundText) / bytesPerToken;
  const sent = told === 0 ? 0 : Math.ceil(Math.max(told, inText));
  const { cacheReadTokens, cacheWriteTokens } = record;
  return {
    inputTokens: inputTokens ?? trace.estimatedTokens ?? Math.ceil(inBody),
    outputTokens:
      stopReason !== null && outputTokens !== null ? outputTokens : Math.max(outputTokens ?? 0, sent),
    cacheReadTokens,
    cacheWriteTokens,
  };
}
