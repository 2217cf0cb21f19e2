import type { Figure } from "../figures/figure.ts";
import type { Spread } from "../measure/statistics.ts";
import { formatNumber } from "./format-number.ts";

const barWidth = 620;
const valueWidth = 110;
/** Of the widest fonts in the list, at 13 px; a name that is cut off says nothing. */
const characterWidth = 8;
const barHeight = 18;
const rowHeight = 24;
const titleHeight = 34;
const panelGap = 18;

/** Readable on white and on black. */
const colors = { own: "#2f81f7", other: "#8b949e", text: "#8b949e", title: "#6e7681" };

/**
 * Draws, for every figure that several servers have, one bar a server with the range of its runs as a line.
 * Returns the text of an SVG file; `own` is the server that stands out.
 */
export function drawChart(figures: readonly Figure[], own: string): string {
  const panels: string[] = [];
  const names = figures.flatMap(({ servers }) => Object.keys(servers?.values ?? {}));
  const labelWidth = 10 + characterWidth * Math.max(...names.map((name) => name.length));
  const width = labelWidth + barWidth + valueWidth;
  const seen = new Set<string>();
  let y = 10;
  for (const { title, servers } of figures) {
    const key = JSON.stringify(servers?.values);
    if (servers === null || seen.has(key)) continue;
    seen.add(key);
    const entries = Object.entries(servers.values);
    panels.push(
      drawPanel(
        `${title.replace(/,? (added )?over nginx/, "").replace("added to", "of")}, ${servers.unit}`,
        entries,
        { own, top: y, labelWidth },
      ),
    );
    y += titleHeight + entries.length * rowHeight + panelGap;
  }
  const font = 'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"';
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" ${font} font-size="13">`;
  const title = "<title>What the proxy costs beside nginx, bare Bun and other proxies</title>";
  return `${[head, title, ...panels, "</svg>"].join("\n")}\n`;
}

function drawPanel(
  title: string,
  entries: readonly (readonly [string, Spread])[],
  { own, top, labelWidth }: { own: string; top: number; labelWidth: number },
): string {
  const most = Math.max(...entries.map(([, spread]) => Math.max(0, spread.most)));
  const scale = barWidth / most;
  const rows = entries.map(([name, spread], index) => {
    const y = top + titleHeight + index * rowHeight;
    const middle = y + barHeight / 2;
    const text = `dominant-baseline="central" fill="${colors.text}"`;
    const end = labelWidth + Math.max(0, spread.most) * scale;
    return [
      `<text x="${labelWidth - 10}" y="${middle}" text-anchor="end" ${text}>${escapeText(name)}</text>`,
      `<rect x="${labelWidth}" y="${y}" width="${round(Math.max(1, spread.median * scale))}" height="${barHeight}" rx="3" fill="${name === own ? colors.own : colors.other}"/>`,
      `<line x1="${round(labelWidth + Math.max(0, spread.least) * scale)}" x2="${round(end)}" y1="${middle}" y2="${middle}" stroke="${colors.title}" stroke-width="2"/>`,
      `<text x="${round(end + 8)}" y="${middle}" ${text}>${formatNumber(spread.median)}</text>`,
    ].join("\n");
  });
  const heading = `<text x="0" y="${top + 18}" font-weight="600" fill="${colors.title}">${escapeText(title)}</text>`;
  return [heading, ...rows].join("\n");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
