import { expect, test } from "bun:test";
import { drawScreen } from "../../scripts/session-picture/draw-screen.ts";
import { parseScreen } from "../../scripts/session-picture/parse-screen.ts";

/** What differs from plain text. */
const looksOf = (screen: string): object[][] =>
  parseScreen(screen).map((runs) =>
    runs.map(({ column, text, style }) => ({
      column,
      text,
      ...Object.fromEntries(Object.entries(style).filter(([, value]) => value !== null && value !== false)),
    })),
  );

test("the escapes of a terminal become runs with their columns, over the ends of rows", () => {
  expect(looksOf("a\u001b[1;38;5;196mbc\u001b[22;7md\ne\u001b[0mf")).toEqual([
    [
      { column: 0, text: "a" },
      { column: 1, text: "bc", colour: "#ff0000", isBold: true },
      { column: 3, text: "d", colour: "#ff0000", isReversed: true },
    ],
    [
      { column: 0, text: "e", colour: "#ff0000", isReversed: true },
      { column: 1, text: "f" },
    ],
  ]);
  expect(looksOf("\u001b[31mr\u001b[97;44mw\u001b[38;2;1;2;255;48;5;244;3mt\u001b[39;49;23mn")).toEqual([
    [
      { column: 0, text: "r", colour: "#ff7b72" },
      { column: 1, text: "w", colour: "#f0f6fc", background: "#58a6ff" },
      { column: 2, text: "t", colour: "#0102ff", background: "#808080", isItalic: true },
      { column: 3, text: "n" },
    ],
  ]);
  expect(looksOf("🙂\u001b[2mx")).toEqual([
    [
      { column: 0, text: "🙂" },
      { column: 2, text: "x", isDim: true },
    ],
  ]);
});

test("a screen becomes a picture in which every run has its place and its width", () => {
  const lines = drawScreen("<a>  \u001b[41mb\u001b[0m\n\n", 20, "$ run & see").split("\n");
  expect(lines[0]).toContain('viewBox="0 0 200 72"');
  expect(lines[1]).toBe("<title>$\u00a0run\u00a0&amp;\u00a0see</title>");
  expect(lines.at(-4)).toBe(
    '<text x="16" y="53" textLength="42" lengthAdjust="spacingAndGlyphs">&lt;a&gt;\u00a0\u00a0</text>' +
      '<rect x="58" y="40" width="8.4" height="18" fill="#ff7b72"/>' +
      '<text x="58" y="53" textLength="8.4" lengthAdjust="spacingAndGlyphs">b</text>',
  );
});
