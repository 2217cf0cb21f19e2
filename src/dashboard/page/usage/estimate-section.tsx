import { useMemo } from "preact/hooks";
import { askRequests } from "../api/ask.ts";
import { BarChart } from "../charts/bar-chart.tsx";
import type { BarData } from "../charts/bar-data.ts";
import { formatClock, formatTime, formatWhole } from "../parts/format.ts";
import { buildRangeFilter, type TimeRange } from "../parts/time-range.ts";
import { toVisibleText } from "../parts/visible-text.ts";
import { formatRoute } from "../shell/route.ts";
import { usePolled } from "../shell/use-polled.ts";
import { type EstimateError, listEstimateErrors, sumUpEstimateErrors } from "./estimate-errors.ts";

const latest = 60;
const pauseMs = 30_000;

/** How well the proxy counted the latest prompts before they were sent: the client asks it for such counts. */
export function EstimateSection({ range }: { readonly range: TimeRange }) {
  const filter = buildRangeFilter(range);
  const { answer, fault } = usePolled(
    filter,
    (signal) => askRequests({ filter, limit: latest }, signal),
    pauseMs,
  );
  const errors = useMemo(() => listEstimateErrors(answer?.requests ?? []), [answer]);
  const bars = useMemo(() => buildErrorBars(errors), [errors]);
  const summary = sumUpEstimateErrors(errors);
  return (
    <section aria-labelledby="estimate-title">
      <h2 id="estimate-title">Estimate against truth</h2>
      <p class="quiet">
        Before a prompt is sent its tokens are counted here; afterwards the upstream says how many it charged.
        Off by 0% is exact.
      </p>
      {fault !== null && <p class="fault">{fault}</p>}
      {summary === null ? (
        <p>{answer === null ? "Loading …" : "None of the latest requests says both numbers."}</p>
      ) : (
        <>
          <p>
            Of the latest {summary.requests} requests: half are off by {formatPercent(summary.medianPercent)}{" "}
            or less, the worst by {formatPercent(summary.worstPercent)}.
          </p>
          <BarChart
            title="How far off, in percent of the truth"
            data={bars}
            isRanked={false}
            format={formatPercent}
          />
          <details>
            <summary>The same as a table</summary>
            <EstimateTable errors={errors} />
          </details>
        </>
      )}
    </section>
  );
}

function EstimateTable({ errors }: { readonly errors: readonly EstimateError[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
    <section class="scrolled" tabIndex={0} aria-label="Table of estimates">
      <table>
        <thead>
          <tr>
            <th scope="col">Request</th>
            <th scope="col">Model</th>
            <th scope="col" class="number">
              Estimated
            </th>
            <th scope="col" class="number">
              Off by
            </th>
          </tr>
        </thead>
        <tbody>
          {errors.toReversed().map(({ requestId, timeMs, model, estimatedTokens, errorPercent }) => (
            <tr key={requestId}>
              <td>
                <a href={formatRoute({ view: "requests", id: requestId })}>{formatTime(timeMs)}</a>
              </td>
              <td>{toVisibleText(model ?? "?")}</td>
              <td class="number">{formatWhole(estimatedTokens)}</td>
              <td class="number">{formatSigned(errorPercent)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Two series, as bars only go up: what was counted too much, and what was counted too little. */
function buildErrorBars(errors: readonly EstimateError[]): BarData {
  return {
    labels: errors.map(({ timeMs }) => formatClock(timeMs).slice(0, 5)),
    series: [
      { name: "Counted too much", values: errors.map(({ errorPercent }) => Math.max(0, errorPercent)) },
      { name: "Counted too little", values: errors.map(({ errorPercent }) => Math.max(0, -errorPercent)) },
    ],
    incomplete: errors.map(() => false),
  };
}

function formatPercent(percent: number): string {
  return `${percent.toFixed(Math.abs(percent) < 10 ? 1 : 0)}%`;
}

function formatSigned(percent: number): string {
  return `${percent > 0 ? "+" : percent < 0 ? "−" : ""}${formatPercent(Math.abs(percent))}`;
}
