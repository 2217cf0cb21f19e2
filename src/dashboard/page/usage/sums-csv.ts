import type { UsageGroup, UsageSum } from "../../../record/record-reader.ts";
import { knownCostOf } from "./usage-figures.ts";

/**
 * The sums as CSV (RFC 4180), the columns named with their units. What is not known is empty. A text that a spreadsheet
 * would run as a formula gets an apostrophe in front: names of models come from outside.
 */
export function buildSumsCsv(by: UsageGroup, sums: readonly UsageSum[]): string {
  const head = [
    by,
    "requests",
    "errors",
    "prompt_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "thinking_tokens",
    "cost_usd",
    "unknown_costs",
    "median_first_byte_ms",
    "worst_first_byte_ms",
  ];
  const rows = sums.map((sum) => [
    quoteText(sum.key ?? ""),
    sum.requests,
    sum.errors,
    sum.promptTokens,
    sum.cacheReadTokens,
    sum.cacheWriteTokens,
    sum.outputTokens,
    sum.thinkingTokens,
    knownCostOf(sum) === "none" ? "" : sum.costUsd,
    sum.unknownCosts,
    sum.medianFirstByteMs ?? "",
    sum.worstFirstByteMs ?? "",
  ]);
  return [head, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

function quoteText(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
