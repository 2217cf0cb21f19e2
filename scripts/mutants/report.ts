import { countAllowed, maxLivingShare } from "./judge.ts";
import { isNothing, shorten } from "./mutant.ts";
import type { Verdict } from "./try-mutant.ts";

/** What was tried, of how many. */
export interface Report {
  verdicts: readonly Verdict[];
  /** Mutants that could have been chosen. */
  candidates: number;
  seed: string;
  minutes: number;
}

/** How it went, in lines for a terminal. */
export function formatSummary({ verdicts, candidates, seed, minutes }: Report): string {
  const count = (fate: Verdict["fate"]) => verdicts.filter((verdict) => verdict.fate === fate).length;
  const living = count("lives");
  return [
    `seed ${seed}: ${verdicts.length} of ${candidates} mutants in ${minutes.toFixed(1)} minutes`,
    `${count("failed")} made a test fail, ${count("timed out")} made one hang, ${count("types")} only the compiler noticed`,
    `${living} of ${verdicts.length} live (${percent(living, verdicts.length)}); ${allowance(verdicts.length)}`,
  ].join("\n");
}

/** The section of docs/reliability.md. */
export function formatSection(report: Report): string {
  const living = report.verdicts.filter(({ fate }) => fate === "lives");
  const rows = living.map(({ mutant: { file, line, before, after } }) => {
    const changed = isNothing(after) ? "*nothing*" : code(shorten(after));
    return `| \`${file}:${line}\` | ${code(shorten(before))} | ${changed} |`;
  });
  const table = ["", "| lives | was | became |", "|---|---|---|", ...rows];
  return ["```", formatSummary(report), "```", ...(rows.length === 0 ? [] : table)].join("\n");
}

function allowance(tried: number): string {
  return `${countAllowed(tried)} may: ${percent(maxLivingShare, 1)} and the chance of a sample`;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "none" : `${((100 * part) / whole).toFixed(1).replace(/\.0$/, "")} %`;
}

/** As code in a table: backticks and bars would end it. */
function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  const padded = fence === "``" ? ` ${text} ` : text;
  return `${fence}${padded.replaceAll("|", "\\|")}${fence}`;
}
