import { parseScreen, type Run } from "./parse-screen.ts";

/** Pixels of one character, and of the frame. */
const cell = { width: 8.4, height: 18 } as const;
const frame = { side: 16, top: 40, bottom: 14 } as const;
const ground = "#0d1117";
const ink = "#e6edf3";
const fonts = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** Blanks do not break here: SVG takes several of them for one. */
const encodeText = (text: string) =>
  text.replace(/[&<>"]/g, (character) => entities[character] ?? "").replaceAll(" ", "\u00a0");

const round = (pixels: number) => Math.round(pixels * 10) / 10;

/** Text of a run: the font of the reader may be wider or narrower, so the width of the run is said. */
function drawRun({ column, text, style }: Run, row: number): string {
  const width = round(Bun.stringWidth(text) * cell.width);
  const x = round(frame.side + column * cell.width);
  const top = frame.top + row * cell.height;
  const colour = (style.isReversed ? (style.background ?? ground) : style.colour) ?? ink;
  const background = style.isReversed ? (style.colour ?? ink) : style.background;
  const box =
    background === null
      ? ""
      : `<rect x="${x}" y="${top}" width="${width}" height="${cell.height}" fill="${background}"/>`;
  if (text.trim() === "") return box;
  const looks = [
    ...(colour === ink ? [] : [`fill="${colour}"`]),
    ...(style.isBold ? ['font-weight="bold"'] : []),
    ...(style.isDim ? ['opacity="0.65"'] : []),
    ...(style.isItalic ? ['font-style="italic"'] : []),
    ...(style.isUnderlined ? ['text-decoration="underline"'] : []),
  ];
  const place = `x="${x}" y="${top + 13}" textLength="${width}" lengthAdjust="spacingAndGlyphs"`;
  return `${box}<text ${[place, ...looks].join(" ")}>${encodeText(text)}</text>`;
}

/**
 * Draws a screen with its escapes as an SVG in the frame of a window. It has its own dark ground, so that it can be read on
 * a page of any colour.
 * @param command what was typed to begin it, for the head of the window
 */
export function drawScreen(screen: string, columns: number, command: string): string {
  const rows = parseScreen(screen.replace(/\n+$/, ""));
  const width = Math.ceil(columns * cell.width + 2 * frame.side);
  const height = frame.top + rows.length * cell.height + frame.bottom;
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
    (colour, index) => `<circle cx="${20 + index * 20}" cy="20" r="6" fill="${colour}"/>`,
  );
  const lines = rows
    .map((runs, row) => runs.map((run) => drawRun(run, row)).join(""))
    .filter((line) => line !== "");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${encodeText(command)}</title>`,
    `<rect width="${width}" height="${height}" rx="10" fill="${ground}" stroke="#30363d"/>`,
    ...dots,
    `<text x="${width / 2}" y="25" text-anchor="middle" font-family="${fonts}" font-size="13" fill="#9198a1">${encodeText(command)}</text>`,
    `<g font-family="${fonts}" font-size="14" fill="${ink}">`,
    ...lines,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}
