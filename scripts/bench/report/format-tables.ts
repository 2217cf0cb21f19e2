import type { Figure, Spread } from "../figures/figure.ts";

/** The Markdown of all figures: what is held against its target, and what every server took. */
export function formatTables(figures: readonly Figure[]): string {
  const targets = figures.map(({ title, target, value, unit }) => [
    title,
    target === null ? "" : `${"atLeast" in target ? "≥" : "≤"} ${formatNumber(limitOf(target))} ${unit}`,
    `${formatNumber(value.median)} ${unit}`,
    value.runs === 1 ? "one run" : `${formatNumber(value.least)} – ${formatNumber(value.most)}`,
    target === null ? "" : isMet(target, value) ? "yes" : "**no**",
  ]);
  const compared = listCompared(figures);
  const names = [...new Set(compared.flatMap(({ values }) => Object.keys(values)))];
  const servers = compared.map(({ title, unit, values }) => [
    title,
    unit,
    ...names.map((name) => formatNumber(values[name]?.median ?? Number.NaN)),
  ]);
  const tables = [formatTable(["figure", "must reach", "median", "least – most", "met"], targets)];
  if (servers.length > 0) {
    tables.push(formatTable(["figure, median of each server", "unit", ...names], servers));
  }
  return tables.join("\n\n");
}

/** What several servers were measured by, each once: two figures may hold the same against different yardsticks. */
export function listCompared(figures: readonly Figure[]) {
  const seen = new Set<string>();
  return figures.flatMap(({ title, servers }) => {
    const key = JSON.stringify(servers);
    if (servers === null || seen.has(key)) return [];
    seen.add(key);
    return [{ title, ...servers }];
  });
}

/** Three digits that matter, thousands apart; a dash for what was not measured. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

function limitOf(target: NonNullable<Figure["target"]>): number {
  return "atLeast" in target ? target.atLeast : target.atMost;
}

function isMet(target: NonNullable<Figure["target"]>, { median }: Spread): boolean {
  return "atLeast" in target ? median >= target.atLeast : median <= target.atMost;
}

function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
