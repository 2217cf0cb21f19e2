import { useSignal } from "@preact/signals";
import type { UsageSum } from "../../../record/record-reader.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { formatCount, formatDuration, formatShare, formatUsdSum, formatWhole } from "../parts/format.ts";
import { buildRangeFilter, buildTerm, type TimeRange } from "../parts/time-range.ts";
import { formatFilterRoute } from "../shell/route.ts";
import { nameGroup } from "./group-names.ts";
import type { ShownGroup } from "./shown-groups.ts";
import { buildSumsCsv } from "./sums-csv.ts";
import { countCacheHits, sortSums, type UsageColumn } from "./usage-figures.ts";

interface Column {
  readonly column: Exclude<UsageColumn, "key">;
  readonly title: string;
  readonly textOf: (sum: UsageSum) => string;
}

const columns: readonly Column[] = [
  {
    column: "costUsd",
    title: "Cost",
    textOf: ({ costUsd, unknownCosts }) => formatUsdSum(costUsd, unknownCosts),
  },
  { column: "requests", title: "Requests", textOf: ({ requests }) => formatWhole(requests) },
  { column: "errors", title: "Errors", textOf: ({ errors }) => formatWhole(errors) },
  { column: "promptTokens", title: "Prompt", textOf: ({ promptTokens }) => formatCount(promptTokens) },
  { column: "cacheHits", title: "Cached", textOf: (sum) => formatShare(countCacheHits(sum)) },
  { column: "outputTokens", title: "Output", textOf: ({ outputTokens }) => formatCount(outputTokens) },
  {
    column: "medianFirstByteMs",
    title: "First byte, median",
    textOf: ({ medianFirstByteMs }) => formatDuration(medianFirstByteMs),
  },
  {
    column: "worstFirstByteMs",
    title: "First byte, worst",
    textOf: ({ worstFirstByteMs }) => formatDuration(worstFirstByteMs),
  },
];

export interface UsageTableProps {
  readonly by: ShownGroup;
  readonly sums: readonly UsageSum[];
  readonly range: TimeRange;
}

/** The sums as a table that can be sorted by each column and copied as CSV. */
export function UsageTable({ by, sums, range }: UsageTableProps) {
  const sorting = useSignal<{ column: UsageColumn; isDescending: boolean }>(
    by === "day" ? { column: "key", isDescending: true } : { column: "costUsd", isDescending: true },
  );
  const { column, isDescending } = sorting.value;
  const sorted = sortSums(sums, column, isDescending);
  const sortBy = (next: UsageColumn): void => {
    sorting.value = { column: next, isDescending: next === column ? !isDescending : next !== "key" };
  };
  const headOf = (each: UsageColumn, title: string) => (
    <SortHead
      title={title}
      isNumber={each !== "key"}
      direction={each === column ? (isDescending ? "descending" : "ascending") : "none"}
      sort={() => sortBy(each)}
    />
  );
  return (
    <section aria-labelledby="usage-table-title">
      <div class="heading-row">
        <h2 id="usage-table-title">The numbers by {by}</h2>
        <CopyButton title="Copy as CSV" text={buildSumsCsv(by, sorted)} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard */}
      <section class="scrolled" tabIndex={0} aria-label={`Table of the numbers by ${by}`}>
        <table>
          <thead>
            <tr>
              {headOf("key", by.charAt(0).toUpperCase() + by.slice(1))}
              {columns.map(({ column: each, title }) => headOf(each, title))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((sum) => (
              <UsageRow key={sum.key ?? ""} by={by} sum={sum} range={range} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function UsageRow({ by, sum, range }: Omit<UsageTableProps, "sums"> & { readonly sum: UsageSum }) {
  const name = nameGroup(sum.key);
  const filter = buildGroupFilter(by, sum.key, range);
  return (
    <tr>
      <th scope="row" class="group-name">
        {filter === null ? name : <a href={formatFilterRoute(filter)}>{name}</a>}
      </th>
      {columns.map(({ column, textOf }) => (
        <td key={column} class={column === "errors" && sum.errors > 0 ? "number bad" : "number"}>
          {textOf(sum)}
        </td>
      ))}
    </tr>
  );
}

/** The filter of a group's requests; null if no filter says it. */
function buildGroupFilter(by: ShownGroup, key: string | null, range: TimeRange): string | null {
  if (key === null) return null;
  if (by === "day") return `since:${key} until:${key}`;
  return `${buildTerm(by, key)} ${buildRangeFilter(range)}`.trimEnd();
}

function SortHead({
  title,
  isNumber,
  direction,
  sort,
}: {
  readonly title: string;
  readonly isNumber: boolean;
  readonly direction: "ascending" | "descending" | "none";
  readonly sort: () => void;
}) {
  const arrow = { ascending: "▲", descending: "▼", none: "" }[direction];
  return (
    <th scope="col" class={isNumber ? "number" : undefined} aria-sort={direction}>
      <button type="button" class="sort" onClick={sort}>
        {title} <span aria-hidden="true">{arrow}</span>
      </button>
    </th>
  );
}
