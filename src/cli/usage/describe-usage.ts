import { foldText } from "../../logging/fold-text.ts";
import { formatTokens } from "../../logging/format-tokens.ts";
import type { Paint } from "../../logging/paint.ts";
import type { UsageGroup, UsageSum } from "../../record/record-reader.ts";
import { formatCost, formatDuration, formatShare } from "../format-units.ts";
import { formatUsageTable } from "./format-usage-table.ts";

export interface UsageReport {
  /** Null if there were no requests today; left out if another time was asked for. */
  readonly today?: UsageSum | null;
  readonly by: UsageGroup;
  /** What the table is of: `The last 7 days`. */
  readonly span: string;
  readonly sums: readonly UsageSum[];
}

/** The output of `usage`: today, the table, and what is to be known of its costs. Ends with a line break. */
export function describeUsage(
  report: UsageReport,
  { paint, columns }: { paint: Paint; columns: number | null },
): string {
  const { today, by, span, sums } = report;
  const lines = today === undefined ? [] : [...describeToday(today, paint), ""];
  if (sums.length === 0) lines.push(`${span}: no requests.`);
  else {
    const title = `${span} by ${by}; median and worst are of the time to the first byte`;
    const [head = "", ...rows] = formatUsageTable(sums, by, columns);
    lines.push(title, "", paint("grey", head), ...rows);
  }
  const unknown = sums.reduce((total, { unknownCosts }) => total + unknownCosts, 0);
  if (unknown > 0) lines.push("", explainUnknown(unknown));
  return `${lines.map((line) => (line.includes("\u001b") ? line : foldText(line, columns))).join("\n")}\n`;
}

function describeToday(today: UsageSum | null, paint: Paint): string[] {
  if (today === null) return [paint("bold", "Today: no requests")];
  const { requests, errors, promptTokens, cacheReadTokens, outputTokens } = today;
  const failed = errors === 0 ? "" : `, ${errors} failed`;
  const cached =
    promptTokens === 0 ? "" : `, ${formatShare(cacheReadTokens, promptTokens)} of them from the cache`;
  const cost = formatCost(today.costUsd, today.unknownCosts);
  const { medianFirstByteMs: median, worstFirstByteMs: worst } = today;
  return [
    paint("bold", `Today: ${cost === "?" ? "cost not known" : cost}`),
    `${requests} ${requests === 1 ? "request" : "requests"}${failed}; ${formatTokens(promptTokens)} tokens in${cached}, ${formatTokens(outputTokens)} out`,
    ...(median === null
      ? []
      : [`First byte after ${formatDuration(median)}, at worst ${formatDuration(worst)}`]),
  ];
}

/** Why a sum has a question mark, and what can be done about it. */
function explainUnknown(count: number): string {
  const reason =
    count === 1
      ? "1 request has no known cost: it broke off, or its model has no price"
      : `${count} requests have no known cost: they broke off, or their models have no price`;
  return `? ${reason} in config.yaml (models, NAME, price).`;
}
