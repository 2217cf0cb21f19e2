import { describe, expect, test } from "bun:test";
import {
  barTotals,
  describeBars,
  labelStep,
  shortenLabel,
  stackSeries,
} from "../../../../src/dashboard/page/charts/bar-data.ts";

const dollars = (value: number) => `$${value}`;

describe("stacked bars", () => {
  test("are drawn from behind to the front, each as high as all below it together", () => {
    const series = [
      { name: "a", values: [1, 2, null] },
      { name: "b", values: [10, null, null] },
      { name: "c", values: [100, 200, null] },
    ];
    expect(stackSeries(series)).toEqual([
      [111, 202, null],
      [11, 2, null],
      [1, 2, null],
    ]);
    expect(barTotals({ labels: ["x", "y", "z"], series, incomplete: [] })).toEqual([111, 202, null]);
  });
});

describe("a chart in words", () => {
  const chart = (values: (number | null)[]) => ({
    labels: ["mon", "tue", "wed"].slice(0, values.length),
    series: [{ name: "Cost", values }],
    incomplete: [],
  });

  test("names the highest bar, and how many are not known", () => {
    expect(describeBars(chart([1, 5, null]), dollars)).toBe(
      "3 bars; the highest is tue with $5; 1 of them not known. The table has every number.",
    );
  });

  test("says nothing of a highest where none is known", () => {
    expect(describeBars(chart([null]), dollars)).toBe(
      "1 bar; 1 of them not known. The table has every number.",
    );
  });
});

describe("labels", () => {
  test.each([
    [7, 700, 50, 1],
    [30, 300, 50, 5],
    [120, 290, 52, 24],
    [5, 10, 50, 5],
    [0, 300, 50, 1],
  ])("of %p bars on %p px, each %p px wide: every %p. has one", (bars, widthPx, labelPx, step) => {
    expect(labelStep(bars, widthPx, labelPx)).toBe(step);
  });

  test("that are too long lose their middle, and no half of a character", () => {
    expect(shortenLabel("glm-4.6", 7)).toBe("glm-4.6");
    expect(shortenLabel("deepseek/deepseek-v4-pro", 11)).toBe("deeps…4-pro");
    expect(shortenLabel("😀😀😀😀😀", 3)).toBe("😀…😀");
  });
});
