import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { formatTokens } from "../../logging/format-tokens.ts";
import type { UsageSum } from "../../record/record-reader.ts";
import { fitText, padText } from "../fit-text.ts";
import { formatCost, formatDuration, formatShare } from "../format-units.ts";

interface Column {
  readonly title: string;
  readonly read: (sum: UsageSum) => string;
  /** What is dropped first in a narrow terminal has the highest number; 0 is never dropped. */
  readonly drop: number;
}

const columns: readonly Column[] = [
  { title: "requests", read: ({ requests }) => String(requests), drop: 2 },
  { title: "errors", read: ({ errors }) => String(errors), drop: 3 },
  { title: "prompt", read: ({ promptTokens }) => formatTokens(promptTokens), drop: 1 },
  {
    title: "cache",
    read: ({ cacheReadTokens, promptTokens }) => formatShare(cacheReadTokens, promptTokens),
    drop: 4,
  },
  { title: "output", read: ({ outputTokens }) => formatTokens(outputTokens), drop: 5 },
  { title: "cost", read: ({ costUsd, unknownCosts }) => formatCost(costUsd, unknownCosts), drop: 0 },
  { title: "median", read: ({ medianFirstByteMs }) => formatDuration(medianFirstByteMs), drop: 6 },
  { title: "worst", read: ({ worstFirstByteMs }) => formatDuration(worstFirstByteMs), drop: 7 },
];

const gap = 2;
const leastKey = 20;
const mostKey = 48;

/**
 * The rows of a table of sums: titles, a row for each sum, and one for all if there are several. No row is wider than
 * the terminal: columns are left out instead.
 * @param title of the first column
 * @param width columns of the terminal; null if there is none
 */
export function formatUsageTable(sums: readonly UsageSum[], title: string, width: number | null): string[] {
  const keys = sums.map(({ key }) => escapeControlCharacters(key ?? "unknown"));
  const rows = sums.length > 1 ? [...sums, addSums(sums)] : sums;
  const names = rows.length > sums.length ? [...keys, "total"] : keys;
  const all = columns.map((column) => {
    // The median of several groups is not that of their medians.
    const cells = rows.map((sum, row) => (row === sums.length && column.drop >= 6 ? "" : column.read(sum)));
    const cellWidth = Math.max(...[column.title, ...cells].map((cell) => Bun.stringWidth(cell)));
    return { ...column, cells, cellWidth };
  });
  const wanted = Math.min(mostKey, Math.max(...[title, ...names].map((name) => Bun.stringWidth(name))));
  const shown = selectColumns(all, Math.min(leastKey, wanted), width);
  const rest = shown.reduce((sum, { cellWidth }) => sum + gap + cellWidth, 0);
  const keyWidth = width === null ? wanted : Math.max(1, Math.min(wanted, width - rest));
  const line = (name: string, cells: readonly string[]) =>
    [
      padText(fitText(name, keyWidth), keyWidth),
      ...cells.map((cell, index) => padText(cell, shown[index]?.cellWidth ?? 0, "left")),
    ]
      .join(" ".repeat(gap))
      .trimEnd();
  return [
    line(
      title,
      shown.map((column) => column.title),
    ),
    ...names.map((name, row) =>
      line(
        name,
        shown.map(({ cells }) => cells[row] ?? ""),
      ),
    ),
  ];
}

/** The columns for which there is room beside a key of this width. */
function selectColumns<Type extends { readonly drop: number; readonly cellWidth: number }>(
  all: readonly Type[],
  keyWidth: number,
  width: number | null,
): readonly Type[] {
  let shown = all;
  const widthOf = (list: readonly Type[]) =>
    list.reduce((sum, { cellWidth }) => sum + gap + cellWidth, keyWidth);
  while (width !== null && widthOf(shown) > width) {
    const last = Math.max(...shown.map(({ drop }) => drop));
    if (last === 0) break;
    shown = shown.filter(({ drop }) => drop !== last);
  }
  return shown;
}

function addSums(sums: readonly UsageSum[]): UsageSum {
  const add = (read: (sum: UsageSum) => number) => sums.reduce((total, sum) => total + read(sum), 0);
  return {
    key: null,
    requests: add(({ requests }) => requests),
    errors: add(({ errors }) => errors),
    promptTokens: add(({ promptTokens }) => promptTokens),
    outputTokens: add(({ outputTokens }) => outputTokens),
    cacheReadTokens: add(({ cacheReadTokens }) => cacheReadTokens),
    cacheWriteTokens: add(({ cacheWriteTokens }) => cacheWriteTokens),
    thinkingTokens: add(({ thinkingTokens }) => thinkingTokens),
    costUsd: add(({ costUsd }) => Math.round(costUsd * 1e12)) / 1e12,
    unknownCosts: add(({ unknownCosts }) => unknownCosts),
    medianFirstByteMs: null,
    worstFirstByteMs: null,
    firstMs: Math.min(...sums.map(({ firstMs }) => firstMs)),
    lastMs: Math.max(...sums.map(({ lastMs }) => lastMs)),
  };
}
