import type { CheckResult } from "../../conformance/check.ts";
import type { RunTotals } from "../../conformance/run-checks.ts";
import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { foldText } from "../../logging/fold-text.ts";
import type { Paint, Style } from "../../logging/paint.ts";
import type { TargetEstimate, TargetReport } from "./doctor-report.ts";
import type { SetupFinding } from "./setup-finding.ts";

export interface DoctorLook {
  readonly paint: Paint;
  /** Width of the terminal; null if there is none. */
  readonly columns: number | null;
}

/** Narrower terminals fold by themselves. */
const narrowest = 50;

const standingWidth = 11;
const subjectWidth = 10;
const nameWidth = 20;

const styles: Readonly<Record<CheckResult["standing"] | SetupFinding["standing"], Style>> = {
  ok: "green",
  pass: "green",
  repaired: "teal",
  warning: "amber",
  "not offered": "grey",
  "not tried": "grey",
  fails: "red",
};

/** The set-up, a row for each finding. Ends with a line break. */
export function describeSetup(findings: readonly SetupFinding[], look: DoctorLook): string {
  const rows = findings.map(({ subject, standing, text }) =>
    describeRow({ standing, name: subject, nameWidth: subjectWidth, text }, look),
  );
  return `${look.paint("bold", "Set-up")}\n${rows.join("")}`;
}

/** The title of a target, before its checks. */
export function describeTitle(target: string, { paint }: DoctorLook): string {
  return `\n${paint("bold", escapeControlCharacters(target))}\n`;
}

/** One check: how it ended, what was seen, what the proxy mended, and what it means if it is missing. */
export function describeCheck(result: CheckResult, look: DoctorLook): string {
  const { standing, name, found, repairs, meaning } = result;
  const more = [...repairs.map((repair) => `the proxy: ${repair}`), ...(meaning === null ? [] : [meaning])];
  const row = { standing, name, nameWidth };
  return [
    describeRow({ ...row, text: found }, look),
    ...more.map((text) => indent(text, standingWidth + nameWidth + 6, look)),
  ].join("");
}

/** What a target took, and from where the answers came. */
export function describeEnd(
  { skipped, charged, family, protocol }: Pick<TargetReport, "skipped" | "charged" | "family" | "protocol">,
  look: DoctorLook,
): string {
  if (skipped !== null || charged === null)
    return describeRow({ standing: "not tried", name: "", nameWidth: 0, text: skipped ?? "" }, look);
  const asked = family === null ? "" : ` Asked as ${family}, on the wire ${protocol}.`;
  return indent(`${describeCharge(charged)}${asked}`, 2, look);
}

/** What a run of a target may cost, in one line. */
export function describeEstimate(target: string, estimate: TargetEstimate): string {
  const { requests, inputTokens, mostOutputTokens, mostUsd } = estimate;
  const cost =
    mostUsd === null
      ? "its price is not known"
      : mostUsd === 0
        ? "costs nothing"
        : `costs ${formatUsd(mostUsd)} at most`;
  return `${escapeControlCharacters(target)}: ${requests} requests, about ${formatCount(inputTokens)} tokens in and at most ${formatCount(mostOutputTokens)} out; ${cost}`;
}

function describeCharge({ requests, inputTokens, outputTokens, costUsd, unknownCosts }: RunTotals): string {
  const cost =
    unknownCosts === 0
      ? costUsd === 0
        ? "no money"
        : formatUsd(costUsd)
      : costUsd === 0
        ? "a cost that is not known"
        : `${formatUsd(costUsd)}, and what ${unknownCosts} requests cost is not known`;
  return `${requests} requests took ${formatCount(inputTokens)} tokens in, ${formatCount(outputTokens)} out, and ${cost}.`;
}

/** Dollars, exact enough for what a run of small requests costs. */
function formatUsd(usd: number): string {
  return usd > 0 && usd < 0.0001 ? "less than $0.0001" : `$${usd.toFixed(4)}`;
}

function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

function describeRow(
  row: {
    standing: CheckResult["standing"] | SetupFinding["standing"];
    name: string;
    nameWidth: number;
    text: string;
  },
  look: DoctorLook,
): string {
  const { standing, name, text } = row;
  const head = `  ${standing.padEnd(standingWidth)}  ${name.padEnd(row.nameWidth)}${row.nameWidth > 0 ? "  " : ""}`;
  const folded = foldText(`${head}${inOneLine(text)}`, widthOf(look), " ".repeat(head.length - 2));
  return `${folded.replace(standing, look.paint(styles[standing], standing))}\n`;
}

function indent(text: string, margin: number, look: DoctorLook): string {
  const blanks = " ".repeat(margin);
  return `${foldText(`${blanks}${inOneLine(text)}`, widthOf(look))}\n`;
}

/** Messages of others may have several lines. */
function inOneLine(text: string): string {
  return escapeControlCharacters(text.trim().replaceAll(/\s*\n\s*/g, "; "));
}

function widthOf({ columns }: DoctorLook): number | null {
  return columns === null ? null : Math.max(columns, narrowest);
}
