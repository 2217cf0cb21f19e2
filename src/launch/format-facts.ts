import { formatTokens } from "../logging/format-tokens.ts";
import type { LaunchModel } from "./launch-subject.ts";

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
