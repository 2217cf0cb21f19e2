/** One kind of value of a chart, with a value for each bar. */
export interface BarSeries {
  readonly name: string;
  /** Null where the value is not known: there is no bar then. */
  readonly values: readonly (number | null)[];
}

/** What a bar chart shows. */
export interface BarData {
  /** What the bars stand for, one label each. */
  readonly labels: readonly string[];
  /** Stacked on each other, the first at the bottom. */
  readonly series: readonly BarSeries[];
  /** Bars whose value has parts that are not known: they are marked with `?`. */
  readonly incomplete: readonly boolean[];
}

/**
 * The heights of the bars as they are drawn, from behind to the front: the last series is drawn first, on top of all
 * others, and those below are drawn over it.
 */
export function stackSeries(series: readonly BarSeries[]): readonly (readonly (number | null)[])[] {
  const stacked: (number | null)[][] = [];
  let below: readonly (number | null)[] = [];
  for (const { values } of series) {
    const heights = values.map((value, index) => {
      const under = below[index] ?? null;
      return value === null && under === null ? null : (value ?? 0) + (under ?? 0);
    });
    stacked.unshift(heights);
    below = heights;
  }
  return stacked;
}

/** The height of each bar; null where nothing of it is known. */
export function barTotals({ series }: BarData): readonly (number | null)[] {
  return stackSeries(series)[0] ?? [];
}

/** The chart in a sentence, for those who do not see it. */
export function describeBars(data: BarData, format: (value: number) => string): string {
  const totals = barTotals(data);
  const known = totals.flatMap((total, index) => (total === null ? [] : [{ total, index }]));
  const highest = known.reduce<(typeof known)[number] | null>(
    (best, bar) => (best === null || bar.total > best.total ? bar : best),
    null,
  );
  const missing = totals.length - known.length;
  const parts = [`${totals.length} ${totals.length === 1 ? "bar" : "bars"}`];
  if (highest !== null) {
    parts.push(`the highest is ${data.labels[highest.index] ?? "?"} with ${format(highest.total)}`);
  }
  if (missing > 0) parts.push(`${missing} of them not known`);
  return `${parts.join("; ")}. The table has every number.`;
}

/** Every how many bars there is a label, so that labels of this width do not run into each other. */
export function labelStep(bars: number, widthPx: number, labelPx: number): number {
  const room = Math.max(1, Math.floor(widthPx / labelPx));
  return Math.max(1, Math.ceil(bars / room));
}

/** The text in at most so many characters, the middle left out: names often differ at both ends. */
export function shortenLabel(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const tail = Math.floor((most - 1) / 2);
  return `${characters.slice(0, most - 1 - tail).join("")}…${characters.slice(characters.length - tail).join("")}`;
}
