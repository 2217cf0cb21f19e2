export interface ParsedEnvFile {
  /** Every assignment; the last one if several set the same name. */
  readonly values: Readonly<Record<string, string>>;
  /** The numbers of the lines that set a name, in order, for names that are set more than once. */
  readonly repeated: ReadonlyMap<string, readonly number[]>;
  /** Lines whose value ends at a `#` without a blank before it, with the name that they set. */
  readonly cut: readonly { line: number; name: string }[];
  /** Numbers (from 1) and faults of lines that are neither an assignment nor a comment. */
  readonly faults: readonly { line: number; fault: string }[];
}

/** A line as dotenv reads it. A byte order mark before the first one is white space, also to dotenv. */
const assignment = /^\s*(?:export\s+)?([\w.-]+)(?:\s*=|:\s)\s*(.*)$/;

/** The index of the line on which a quoted value that begins on line `index` ends; -1 if it never ends. */
function findClosingLine(lines: readonly string[], index: number, value: string): number {
  const quote = value.charAt(0);
  if (quote !== '"' && quote !== "'" && quote !== "`") {
    return index;
  }
  const isEnd = (text: string) => text.replaceAll(`\\${quote}`, "").includes(quote);
  if (isEnd(value.slice(1))) {
    return index;
  }
  return lines.findIndex((line, other) => other > index && isEnd(line));
}

/**
 * Whether a possible part of the value counts as a comment. For dotenv everything from the first `#` on is a comment,
 * unless the value is quoted; a person who means a comment puts a blank before it.
 */
function isCutByComment(line: string, value: string): boolean {
  const at = value.indexOf("#");
  if (at === -1 || /^["'`]/.test(value)) return false;
  return /\S/.test(line.charAt(line.length - value.length + at - 1));
}

/** Loads dotenv only now: it needs more of Node than all else of a start, and many have no `.env` file. */
function parseValues(text: string): Record<string, string> {
  const { parse }: typeof import("dotenv") = require("dotenv");
  return parse(text);
}

/**
 * Parses the text of an `.env` file. dotenv provides the values, but skips lines that it does not understand. A line
 * that was meant to set something must not be lost silently, so the lines are checked here as well.
 * @param text the whole file; a byte order mark, CRLF, `export`, quotes and comments are understood
 */
export function parseEnvFile(text: string): ParsedEnvFile {
  const lines = text.split(/\r\n|\r|\n/);
  const faults: { line: number; fault: string }[] = [];
  const cut: { line: number; name: string }[] = [];
  const linesOfName = new Map<string, number[]>();
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (/^\s*(?:#.*)?$/.test(line)) {
      continue;
    }
    const [, name, value] = assignment.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      faults.push({ line: index + 1, fault: "is not of the form NAME=value" });
      continue;
    }
    linesOfName.set(name, [...(linesOfName.get(name) ?? []), index + 1]);
    if (isCutByComment(line, value)) cut.push({ line: index + 1, name });
    const closing = findClosingLine(lines, index, value);
    if (closing === -1) {
      faults.push({ line: index + 1, fault: "has a quote that is never closed" });
    } else {
      index = closing;
    }
  }
  const repeated = new Map([...linesOfName].filter(([, numbers]) => numbers.length > 1));
  return { values: parseValues(text), repeated, cut, faults };
}
