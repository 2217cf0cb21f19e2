import { expect, test } from "bun:test";
import { createPaint, type Style } from "../../src/logging/paint.ts";

/** Relative luminance of one of the 256 colours: the cube of 6 x 6 x 6, and behind it the greys (WCAG 2.2). */
function luminanceOf(color: number): number {
  const level = (index: number) => (index === 0 ? 0 : 55 + 40 * index);
  const cube = color - 16;
  const channels =
    color >= 232
      ? Array<number>(3).fill(8 + 10 * (color - 232))
      : [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level);
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test.each<Style>(["green", "teal", "amber", "magenta", "red", "grey"])(
  "%s can be read on white and on black",
  (style) => {
    const [begin = "", end] = createPaint(true)(style, "text").split("text");
    expect([begin.slice(0, 7), end]).toEqual(["\u001b[38;5;", "\u001b[39m"]);
    const color = begin.slice(7, -1);
    const luminance = luminanceOf(Number(color));
    expect(1.05 / (luminance + 0.05)).toBeGreaterThan(3.8);
    expect((luminance + 0.05) / 0.05).toBeGreaterThan(3.8);
  },
);

test("nothing is painted where there is nothing, or no colour is wanted", () => {
  expect(createPaint(true)("bold", "text")).toBe("\u001b[1mtext\u001b[22m");
  expect(createPaint(true)("bold", "")).toBe("");
  expect(createPaint(false)("red", "text")).toBe("text");
});
