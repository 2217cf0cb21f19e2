import { useMemo } from "preact/hooks";
import type { UsageSum } from "../../../record/record-reader.ts";
import { BarChart } from "../charts/bar-chart.tsx";
import type { BarData } from "../charts/bar-data.ts";
import { formatCount, formatUsd } from "../parts/format.ts";
import { type ChartGroup, fillDays, foldGroups } from "./chart-groups.ts";
import { nameGroup } from "./group-names.ts";
import type { ShownGroup } from "./shown-groups.ts";
import { knownCostOf, sortSums } from "./usage-figures.ts";

const mostNames = 12;

/** Cost and tokens of each group as bars: days side by side, names below each other. */
export function UsageCharts({ by, sums }: { readonly by: ShownGroup; readonly sums: readonly UsageSum[] }) {
  const { costs, tokens } = useMemo(() => {
    const groups =
      by === "day" ? fillDays(sums) : foldGroups(sortSums(sums, "costUsd", true), mostNames, nameGroup);
    return { costs: buildCostBars(groups), tokens: buildTokenBars(groups) };
  }, [by, sums]);
  const isRanked = by !== "day";
  return (
    <div class="charts">
      <BarChart title={`Cost by ${by}`} data={costs} isRanked={isRanked} format={formatUsd} />
      <BarChart title={`Tokens by ${by}`} data={tokens} isRanked={isRanked} format={formatCount} />
    </div>
  );
}

function buildCostBars(groups: readonly ChartGroup[]): BarData {
  return {
    labels: groups.map(({ label }) => label),
    series: [
      {
        name: "Cost",
        values: groups.map(({ sum }) =>
          sum === null ? 0 : knownCostOf(sum) === "none" ? null : sum.costUsd,
        ),
      },
    ],
    incomplete: groups.map(({ sum }) => sum !== null && knownCostOf(sum) !== "all"),
  };
}

function buildTokenBars(groups: readonly ChartGroup[]): BarData {
  const series = (name: string, countOf: (sum: UsageSum) => number) => ({
    name,
    values: groups.map(({ sum }) => (sum === null ? 0 : countOf(sum))),
  });
  return {
    labels: groups.map(({ label }) => label),
    series: [
      series("Prompt, from the cache", ({ cacheReadTokens }) => cacheReadTokens),
      series("Prompt, the rest", ({ promptTokens, cacheReadTokens }) =>
        Math.max(0, promptTokens - cacheReadTokens),
      ),
      series("Output", ({ outputTokens }) => outputTokens),
    ],
    incomplete: groups.map(() => false),
  };
}
