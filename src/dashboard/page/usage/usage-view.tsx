import { askUsage } from "../api/ask.ts";
import { AnswerNote } from "../parts/answer-note.tsx";
import { buildRangeFilter, parseRange, type TimeRange } from "../parts/time-range.ts";
import { currentRoute } from "../shell/current-route.ts";
import { NothingRecorded } from "../shell/nothing-recorded.tsx";
import { RangeChoice } from "../shell/range-choice.tsx";
import { formatRoute } from "../shell/route.ts";
import { usePolled } from "../shell/use-polled.ts";
import { EstimateSection } from "./estimate-section.tsx";
import { type ShownGroup, shownGroups } from "./shown-groups.ts";
import { UsageCharts } from "./usage-charts.tsx";
import { UsageTable } from "./usage-table.tsx";
import { UsageTotals } from "./usage-totals.tsx";

const pauseMs = 10_000;

/** What was used, and what it cost: in sum, as charts, and as a table with the same numbers. */
export function UsageView() {
  const { settings } = currentRoute.value;
  const range = parseRange(settings["range"]);
  const by = shownGroups.find((group) => group === settings["by"]) ?? "day";
  return (
    <>
      <h1>Usage</h1>
      <div class="choices">
        <RangeChoice view="usage" range={range} settings={{ by }} />
        <nav class="choice" aria-label="Group by">
          {shownGroups.map((group) => (
            <a
              key={group}
              href={formatRoute({ view: "usage", settings: { by: group, range } })}
              aria-current={group === by ? "true" : undefined}
            >
              By {group}
            </a>
          ))}
        </nav>
      </div>
      <Sums by={by} range={range} />
      <EstimateSection range={range} />
    </>
  );
}

function Sums({ by, range }: { readonly by: ShownGroup; readonly range: TimeRange }) {
  const filter = buildRangeFilter(range);
  const { answer, fault } = usePolled(
    `${by} ${filter}`,
    (signal) => askUsage({ by, filter }, signal),
    pauseMs,
  );
  if (answer === null) return <p class={fault === null ? "quiet" : "fault"}>{fault ?? "Adding up …"}</p>;
  if (answer.sums.length === 0 && answer.note === null) {
    return <NothingRecorded what="Nothing was recorded in this time." />;
  }
  return (
    <>
      <AnswerNote note={answer.note} />
      {fault !== null && <p class="fault">{fault}</p>}
      <UsageTotals sums={answer.sums} />
      <UsageCharts by={by} sums={answer.sums} />
      <UsageTable by={by} sums={answer.sums} range={range} />
    </>
  );
}
