import { readFileSync, writeFileSync } from "node:fs";
import type { CheckResult, Standing } from "../../conformance/check.ts";
import { checks } from "../../conformance/list-checks.ts";
import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { CommandError } from "../command-error.ts";
import type { DoctorReport, TargetReport } from "./doctor-report.ts";

/** The words of the table in docs/models.md. */
const words: Readonly<Record<Standing, string>> = {
  pass: "yes",
  repaired: "mended",
  "not offered": "no",
  fails: "fails",
  "not tried": "-",
};

/** The head of the table in docs/models.md: its names and the line below them. */
export function buildTableHead(): string {
  const names = ["Model", "Server", "Wire", ...checks.map(({ name }) => name), "Version", "Date"];
  return `| ${names.join(" | ")} |\n|${"---|".repeat(names.length)}\n`;
}

/** The rows of that table, one for each target that was tried. A server of the user's own is not named. */
export function buildTableRows({ targets, version, time }: DoctorReport): string[] {
  return targets
    .filter(({ skipped }) => skipped === null)
    .map((target) =>
      [
        "",
        escapeCell(target.model),
        target.server ?? `own (${target.family ?? "generic"})`,
        target.protocol ?? "-",
        ...target.checks.map((check) => describeCell(check, target)),
        version,
        time.slice(0, 10),
        "",
      ]
        .join(" | ")
        .trim(),
    );
}

function describeCell({ id, standing }: CheckResult, { window }: TargetReport): string {
  return id === "window" && window !== null ? String(window) : words[standing];
}

function escapeCell(text: string): string {
  return escapeControlCharacters(text).replaceAll("|", "\\|");
}

/**
 * Writes the rows into the table of a Markdown file: in place of those of the same model, server and wire, else at its
 * end. Without such a table it is added to the file, which is made if it does not exist.
 * @throws CommandError if the file cannot be read or written
 */
export function saveRows(path: string, rows: readonly string[]): void {
  try {
    writeFileSync(path, insertRows(readText(path), rows));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new CommandError(`${path} cannot be written: ${error.message}`, 1, { cause: error });
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

/** The text with these rows in its table. */
function insertRows(text: string, rows: readonly string[]): string {
  // As git writes it on Windows.
  if (text.includes("\r\n")) return insertRows(text.replaceAll("\r\n", "\n"), rows).replaceAll("\n", "\r\n");
  const head = buildTableHead();
  const start = text.indexOf(head);
  if (start === -1) {
    const before = text === "" ? "" : `${text.trimEnd()}\n\n`;
    return `${before}${head}${rows.map((row) => `${row}\n`).join("")}`;
  }
  const afterHead = text.slice(start + head.length);
  const table = /^(?:\|.*(?:\n|$))*/.exec(afterHead)?.[0] ?? "";
  const before = table.split("\n").filter((row) => row !== "");
  const kept = before.filter((row) => !rows.some((other) => nameRow(other) === nameRow(row)));
  const all = [...kept, ...rows].map((row) => `${row}\n`).join("");
  return text.slice(0, start) + head + all + afterHead.slice(table.length);
}

/** Model, server and wire. */
function nameRow(row: string): string {
  return row.split(" | ", 3).join(" | ");
}
