import type { Figure } from "../figures/figure.ts";
import { formatNumber, listCompared } from "./format-tables.ts";

const [barWidth, barHeight, rowHeight, titleHeight, panelGap, valueWidth] = [620, 18, 24, 34, 18, 110];
/** Of the widest fonts in the list, at 13 px; a name that is cut off says nothing. */
const characterWidth = 8;
/** Readable on white and on black. */
const colors = { own: "#2f81f7", other: "#8b949e", text: "#8b949e", title: "#6e7681" };
const font = "system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif";

/**
 * Draws, for every figure that several servers have, one bar a server with the range of its runs as a line. Ours
 * stands out.
 * @returns the text of an SVG file
 */
export function drawChart(figures: readonly Figure[]): string {
  const panels = listCompared(figures);
  const names = panels.flatMap(({ values }) => Object.keys(values));
  const left = 10 + characterWidth * Math.max(0, ...names.map((name) => name.length));
  const lines: string[] = [];
  let y = 10;
  for (const { title, unit, values } of panels) {
    const heading = `${title.replace(/,? (added )?over nginx/, "").replace("added to", "of")}, ${unit}`;
    lines.push(
      `<text x="0" y="${y + 18}" font-weight="600" fill="${colors.title}">${Bun.escapeHTML(heading)}</text>`,
    );
    y += titleHeight;
    const scale = barWidth / Math.max(...Object.values(values).map(({ most }) => most));
    for (const [name, spread] of Object.entries(values)) {
      const [least = 0, median = 0, most = 0] = [spread.least, spread.median, spread.most].map(
        (value) => Math.round(Math.max(0, value) * scale * 10) / 10,
      );
      const middle = y + barHeight / 2;
      const text = `y="${middle}" dominant-baseline="central" fill="${colors.text}"`;
      const fill = name === "claude-proxy" ? colors.own : colors.other;
      lines.push(
        `<text x="${left - 10}" text-anchor="end" ${text}>${Bun.escapeHTML(name)}</text>`,
        `<rect x="${left}" y="${y}" width="${Math.max(1, median)}" height="${barHeight}" rx="3" fill="${fill}"/>`,
        `<line x1="${left + least}" x2="${left + most}" y1="${middle}" y2="${middle}" stroke="${colors.title}" stroke-width="2"/>`,
        `<text x="${left + most + 8}" ${text}>${formatNumber(spread.median)}</text>`,
      );
      y += rowHeight;
    }
    y += panelGap;
  }
  const size = `viewBox="0 0 ${left + barWidth + valueWidth} ${y}" font-family="${font}" font-size="13"`;
  const title = "<title>What the proxy costs beside nginx, bare Bun and other proxies</title>";
  return [`<svg xmlns="http://www.w3.org/2000/svg" ${size}>`, title, ...lines, "</svg>", ""].join("\n");
}
