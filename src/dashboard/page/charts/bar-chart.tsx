import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import uPlot from "uplot";
import { type BarData, barTotals, describeBars, stackSeries } from "./bar-data.ts";
import { buildBarOptions, chartHeightPx } from "./bar-options.ts";
import { readChartColours, watchTheme } from "./chart-paint.ts";

export interface BarChartProps {
  readonly title: string;
  readonly data: BarData;
  readonly isRanked: boolean;
  readonly format: (value: number) => string;
}

/** Bars with a title, a legend, what the pointer is at, and the whole in words. The numbers stand in a table nearby. */
export function BarChart({ title, data, isRanked, format }: BarChartProps) {
  const pointed = useSignal<number | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = place.current;
    if (element === null || data.labels.length === 0) return;
    return showBars(element, { data, isRanked, format, point: (index) => (pointed.value = index) });
  }, [data, isRanked, format, pointed]);
  return (
    <figure class="chart" aria-labelledby={titleId}>
      <figcaption>
        <span class="chart-title" id={titleId}>
          {title}
        </span>
        <span class="unseen">{describeBars(data, format)}</span>
        {data.series.length > 1 && <Legend data={data} />}
      </figcaption>
      <div class="chart-place" aria-hidden="true" ref={place} />
      <p class="chart-readout" aria-hidden="true">
        {readPointed(data, pointed.value, format)}
      </p>
    </figure>
  );
}

function Legend({ data }: { readonly data: BarData }) {
  return (
    <ul class="chart-legend" aria-hidden="true">
      {data.series.map(({ name }, index) => (
        <li key={name}>
          <span class={`chart-swatch chart-swatch-${index + 1}`} /> {name}
        </li>
      ))}
    </ul>
  );
}

function readPointed(data: BarData, index: number | null, format: (value: number) => string): string {
  // There may be fewer bars than when the pointer came.
  return index === null || index >= data.labels.length
    ? "Point at a bar for its numbers."
    : readBar(data, index, format);
}

function readBar(data: BarData, index: number, format: (value: number) => string): string {
  const total = barTotals(data)[index] ?? null;
  const parts =
    data.series.length === 1
      ? []
      : data.series.map(({ name, values }) => `${name} ${format(values[index] ?? 0)}`);
  const sum = total === null ? "not known" : `${format(total)}${data.incomplete[index] ? " + ?" : ""}`;
  return [`${data.labels[index] ?? ""}: ${sum}`, ...parts].join(" · ");
}

/** Draws the bars into an element, and again when its width or the colours change. Returns what takes them away. */
function showBars(
  element: HTMLElement,
  chart: Omit<BarChartProps, "title"> & { readonly point: (index: number | null) => void },
): () => void {
  const { data } = chart;
  const heights = stackSeries(data.series).map((values) => [...values]);
  const aligned: uPlot.AlignedData = [data.labels.map((_, index) => index), ...heights];
  let plot: uPlot | null = null;
  let colours = readChartColours(element);
  const draw = (): void => {
    const widthPx = Math.floor(element.clientWidth);
    if (widthPx === 0 || plot?.width === widthPx) return;
    plot?.destroy();
    plot = new uPlot(buildBarOptions({ ...chart, widthPx, colours: () => colours }), aligned, element);
  };
  // Known before it is drawn, so that what stands below does not jump.
  element.style.minHeight = `${chartHeightPx(data.labels.length, chart.isRanked)}px`;
  const resized = new ResizeObserver(draw);
  resized.observe(element);
  const unwatch = watchTheme(() => {
    colours = readChartColours(element);
    plot?.redraw();
  });
  return () => {
    resized.disconnect();
    unwatch();
    plot?.destroy();
    plot = null;
  };
}
