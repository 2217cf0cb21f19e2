import type { LaunchModel } from "./launch-subject.ts";

/** A number of tokens in the width of a word: `131k`, `1m`. */
export function formatTokens(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  return tokens < 1_000_000 ? `${Math.floor(tokens / 1_000)}k` : `${Math.round(tokens / 100_000) / 10}m`;
}

/** Dollars of a price, with four decimals at most and no zeros behind: `0.6`, `3`. */
export function formatPrice(usd: number): string {
  return String(Math.round(usd * 10_000) / 10_000);
}

/** What tells models apart, in the width of a terminal. */
export function describeFacts({ windowTokens, price }: LaunchModel): string {
  const parts = [
    ...(windowTokens === null ? [] : [`${formatTokens(windowTokens)} tokens`]),
    ...(price === null ? [] : [`$${formatPrice(price.input)}/$${formatPrice(price.output)} per Mtok`]),
  ];
  return parts.length === 0 ? "through claude-proxy" : parts.join(" · ");
}
