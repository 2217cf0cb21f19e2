import { rangeTitles, type TimeRange, timeRanges } from "../parts/time-range.ts";
import { formatRoute, type ViewName } from "./route.ts";

/** Links to the same view with another range. */
export function RangeChoice({
  view,
  range,
  settings = {},
}: {
  readonly view: ViewName;
  readonly range: TimeRange;
  readonly settings?: Readonly<Record<string, string>>;
}) {
  return (
    <nav class="choice" aria-label="Time range">
      {timeRanges.map((each) => (
        <a
          key={each}
          href={formatRoute({ view, settings: { ...settings, range: each } })}
          aria-current={each === range ? "true" : undefined}
        >
          {rangeTitles[each]}
        </a>
      ))}
    </nav>
  );
}
