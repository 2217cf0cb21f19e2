import uPlot from "uplot";
import { type BarData, barTotals, labelStep, shortenLabel } from "./bar-data.ts";
import { type ChartColours, createFill } from "./chart-paint.ts";

export interface BarLook {
  readonly data: BarData;
  /** Bars from left to right, with their labels at the side: for names, which are long. */
  readonly isRanked: boolean;
  readonly widthPx: number;
  readonly format: (value: number) => string;
  /** The colours at the time of drawing. */
  readonly colours: () => ChartColours;
  /** Which bar the pointer is at; null for none. */
  readonly point: (index: number | null) => void;
}

const font = "12px system-ui, sans-serif";
const rowPx = 30;
const standingPx = 220;

/** How high the chart is. */
export function chartHeightPx(bars: number, isRanked: boolean): number {
  return isRanked ? bars * rowPx + 36 : standingPx;
}

/** What uPlot needs to know to draw the bars. Its legend is left out: ours is HTML, and stands below the chart. */
export function buildBarOptions(look: BarLook): uPlot.Options {
  const { data, isRanked, widthPx, colours, point } = look;
  const bars = data.labels.length;
  const paths = uPlot.paths.bars?.({ size: [0.72, 56] });
  return {
    width: widthPx,
    height: chartHeightPx(bars, isRanked),
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, x: false, points: { show: false } },
    scales: {
      x: { time: false, range: [-0.5, bars - 0.5], ori: isRanked ? 1 : 0, dir: isRanked ? -1 : 1 },
      y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.1 : 1], ori: isRanked ? 0 : 1 },
    },
    axes: [buildLabelAxis(look), buildValueAxis(look)],
    series: [
      {},
      ...data.series.map((_, drawn) => ({
        // From behind to the front: the last series is drawn first.
        fill: ({ ctx }: uPlot) => createFill(ctx, colours(), data.series.length - 1 - drawn),
        points: { show: false },
        // Else uPlot draws a line around each bar, with the pattern of its filling.
        width: 0,
        ...(paths === undefined ? {} : { paths }),
      })),
    ],
    hooks: {
      setCursor: [({ cursor }) => point(cursor.idx ?? null)],
      draw: [(plot) => markIncomplete(plot, look)],
    },
  };
}

function buildLabelAxis({ data, isRanked, widthPx, colours }: BarLook): uPlot.Axis {
  const { labels } = data;
  const most = widthPx < 500 ? 16 : 32;
  const shown = labels.map((label) => shortenLabel(label, most));
  const step = isRanked ? 1 : labelStep(labels.length, widthPx - 70, 52);
  const places = labels.map((_, index) => index).filter((index) => index % step === 0);
  const longest = Math.max(0, ...shown.map((label) => label.length));
  return {
    side: isRanked ? 3 : 2,
    font,
    size: isRanked ? longest * 6.6 + 18 : 30,
    stroke: () => colours().text,
    grid: { show: false },
    ticks: { show: false },
    splits: places,
    values: (_plot, splits) => splits.map((index) => shown[index] ?? ""),
  };
}

function buildValueAxis({ isRanked, format, colours }: BarLook): uPlot.Axis {
  return {
    side: isRanked ? 2 : 3,
    font,
    size: isRanked ? 30 : 64,
    space: isRanked ? 70 : 40,
    stroke: () => colours().text,
    grid: { stroke: () => colours().grid, width: 1 },
    ticks: { show: false },
    values: (_plot, splits) => splits.map(format),
  };
}

/** Draws `?` at the end of bars of which parts are not known, and in the place of those of which nothing is. */
function markIncomplete(plot: uPlot, { data, isRanked, colours }: BarLook): void {
  const totals = barTotals(data);
  const { ctx } = plot;
  ctx.save();
  ctx.font = `bold ${13 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.fillStyle = colours().text;
  ctx.textAlign = isRanked ? "left" : "center";
  ctx.textBaseline = isRanked ? "middle" : "bottom";
  for (const [index, isIncomplete] of data.incomplete.entries()) {
    if (!isIncomplete) continue;
    const along = plot.valToPos(index, "x", true);
    const end = plot.valToPos(totals[index] ?? 0, "y", true);
    const gap = 4 * devicePixelRatio;
    if (isRanked) ctx.fillText("?", end + gap, along);
    else ctx.fillText("?", along, end - gap / 2);
  }
  ctx.restore();
}
