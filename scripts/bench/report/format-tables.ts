import { type Figure, isMet } from "../figures/figure.ts";
import type { Spread } from "../measure/statistics.ts";
import type { Machine } from "./describe-machine.ts";
import { formatNumber } from "./format-number.ts";

/** The Markdown of all figures: what is held against its target, and what every server took. */
export function formatTables(figures: readonly Figure[], machine: Machine): string {
  return `${[formatMachine(machine), formatTargets(figures), formatServers(figures)].join("\n\n").trimEnd()}\n`;
}

function formatMachine(machine: Machine): string {
  const { commit, processor, cores, memoryGb, system, bun, load, measuredAt, tookSeconds } = machine;
  return (
    `Commit ${commit}, ${measuredAt} UTC, in ${tookSeconds} s. ${cores} cores (${processor}), ${memoryGb} GB, ` +
    `${system}, Bun ${bun}. Load of the machine over five minutes: ${load.toFixed(1)}.`
  );
}

function formatTargets(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.title,
    formatTarget(figure),
    `${formatNumber(figure.value.median)} ${figure.unit}`,
    formatRange(figure.value),
    { true: "yes", false: "**no**", null: "" }[String(isMet(figure))] ?? "",
  ]);
  return formatTable(["figure", "must reach", "median", "least – most", "met"], rows);
}

function formatTarget({ target, unit }: Figure): string {
  if (target === null) return "";
  return `${target.isAtLeast === true ? "≥" : "≤"} ${formatNumber(target.limit)} ${unit}`;
}

function formatServers(figures: readonly Figure[]): string {
  const names = [...new Set(figures.flatMap(({ servers }) => Object.keys(servers?.values ?? {})))];
  const seen = new Set<string>();
  const rows = figures.flatMap(({ title, servers }) => {
    if (servers === null || seen.has(JSON.stringify(servers.values))) return [];
    seen.add(JSON.stringify(servers.values));
    const cells = names.map((name) => {
      const spread = servers.values[name];
      return spread === undefined ? "–" : formatNumber(spread.median);
    });
    return [[title, servers.unit, ...cells]];
  });
  return rows.length === 0 ? "" : formatTable(["figure, median of each server", "unit", ...names], rows);
}

function formatRange({ least, most, runs }: Spread): string {
  return runs === 1 ? "one run" : `${formatNumber(least)} – ${formatNumber(most)}`;
}

function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
