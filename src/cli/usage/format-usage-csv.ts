import type { UsageGroup, UsageSum } from "../../record/record-reader.ts";

const columns: readonly (readonly [string, (sum: UsageSum) => number | null])[] = [
  ["requests", (sum) => sum.requests],
  ["errors", (sum) => sum.errors],
  ["prompt_tokens", (sum) => sum.promptTokens],
  ["cache_read_tokens", (sum) => sum.cacheReadTokens],
  ["cache_write_tokens", (sum) => sum.cacheWriteTokens],
  ["output_tokens", (sum) => sum.outputTokens],
  ["thinking_tokens", (sum) => sum.thinkingTokens],
  ["cost_usd", (sum) => sum.costUsd],
  ["unknown_costs", (sum) => sum.unknownCosts],
  ["median_first_byte_ms", (sum) => sum.medianFirstByteMs],
  ["worst_first_byte_ms", (sum) => sum.worstFirstByteMs],
];

/** The sums as CSV by RFC 4180, with a head; empty where nothing is known. */
export function formatUsageCsv(sums: readonly UsageSum[], by: UsageGroup): string {
  const rows = sums.map((sum) => [
    encodeText(sum.key ?? ""),
    ...columns.map(([, read]) => formatNumber(read(sum))),
  ]);
  const head = [by, ...columns.map(([name]) => name)];
  return [head, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

/** In digits alone: not every program reads exponents. */
function formatNumber(value: number | null): string {
  if (value === null) return "";
  return Number.isInteger(value) ? String(value) : value.toFixed(12).replace(/\.?0+$/, "");
}

/** Clients choose the names of models, and a spreadsheet would compute what begins like a formula. */
function encodeText(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
