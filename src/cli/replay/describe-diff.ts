import { escapeLines } from "../../logging/escape-control-characters.ts";
import type { Paint } from "../../logging/paint.ts";
import { type DiffRow, type DiffWord, diffLineWords, diffTexts } from "./diff-texts.ts";

export interface DiffLook {
  readonly paint: Paint;
  /** Null for a reader without a fixed width. */
  readonly columns: number | null;
}

/** From this width on texts stand side by side. */
const leastColumnsForTwo = 120;
/** Equal lines that are shown before and after a difference. */
const context = 3;
const gap = " | ";

/** Shows how two texts differ: side by side where there is room, else one line below the other. Rows without an end. */
export function describeDiff(before: string, after: string, look: DiffLook): string[] {
  const rows = diffTexts(escapeLines(before), escapeLines(after));
  const { columns } = look;
  const isWide = columns !== null && columns >= leastColumnsForTwo;
  return shorten(rows).flatMap((part) =>
    typeof part === "number"
      ? [look.paint("grey", `  … ${part} lines are the same`)]
      : isWide
        ? part.flatMap((row) => describeBeside(row, { ...look, columns }))
        : describeBelow(part, look),
  );
}

/** Shows one text, folded to the width. */
export function describeText(text: string, { columns }: DiffLook): string[] {
  return escapeLines(text)
    .split("\n")
    .flatMap((line) => foldRow(line, columns === null ? null : columns - 2).map((row) => `  ${row}`));
}

const isSame = ({ before, after }: DiffRow) => before === after;

/** Groups of rows, and the number of equal ones that are left out between them. */
function shorten(rows: readonly DiffRow[]): (DiffRow[] | number)[] {
  const parts: (DiffRow[] | number)[] = [];
  let group: DiffRow[] = [];
  for (let at = 0; at < rows.length; ) {
    let end = at;
    for (let row = rows[end]; row !== undefined && isSame(row); row = rows[end]) end += 1;
    const [head, tail] = [at === 0 ? 0 : context, end === rows.length ? 0 : context];
    const hidden = end - at - head - tail;
    // A line that says what is left out must leave out more than itself.
    if (hidden > 1) {
      group.push(...rows.slice(at, at + head));
      if (group.length > 0) parts.push(group);
      parts.push(hidden);
      group = rows.slice(end - tail, end);
    } else {
      group.push(...rows.slice(at, end));
    }
    at = end;
    for (let row = rows[at]; row !== undefined && !isSame(row); row = rows[at]) {
      group.push(row);
      at += 1;
    }
  }
  if (group.length > 0) parts.push(group);
  return parts;
}

/** One below the other: of a run of differences first what was, then what is. */
function describeBelow(rows: readonly DiffRow[], look: DiffLook): string[] {
  const lines: string[] = [];
  let added: string[] = [];
  const write = (mark: string, text: string) => {
    const width = look.columns === null ? null : look.columns - 2;
    const style = mark === "-" ? "red" : mark === "+" ? "green" : null;
    return foldRow(text, width).map((row) => {
      const line = `${mark} ${row}`;
      return style === null ? line : look.paint(style, line);
    });
  };
  for (const row of rows) {
    const words =
      isSame(row) || row.before === null || row.after === null ? null : diffLineWords(row.before, row.after);
    if (isSame(row) || words !== null) {
      lines.push(...added);
      added = [];
      lines.push(...(words === null ? write(" ", row.before ?? "") : write("~", markWords(words))));
      continue;
    }
    if (row.before !== null) lines.push(...write("-", row.before));
    if (row.after !== null) added.push(...write("+", row.after));
  }
  return [...lines, ...added];
}

function markWords(words: readonly DiffWord[]): string {
  const marks = { both: ["", ""], before: ["[-", "-]"], after: ["{+", "+}"] } as const;
  return words.map(({ text, side }) => marks[side][0] + text + marks[side][1]).join("");
}

function describeBeside(row: DiffRow, { paint, columns }: { paint: Paint; columns: number }): string[] {
  const width = Math.floor((columns - gap.length) / 2) - 2;
  const left = row.before === null ? [] : foldRow(row.before, width);
  const right = row.after === null ? [] : foldRow(row.after, width);
  const [minus, plus] = isSame(row) ? [" ", " "] : ["-", "+"];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const [before, after] = [left[index], right[index]];
    const leftText = before === undefined ? "" : `${minus} ${before}`;
    const rightText = after === undefined ? "" : `${plus} ${after}`;
    const padding = " ".repeat(Math.max(0, width + 2 - Bun.stringWidth(leftText)));
    const [red, green] = isSame(row)
      ? [leftText, rightText]
      : [paint("red", leftText), paint("green", rightText)];
    return (red + padding + gap + green).trimEnd();
  });
}

/** Rows that are no wider than that; null leaves the line whole. */
function foldRow(text: string, width: number | null): string[] {
  if (width === null || Bun.stringWidth(text) <= width) return [text];
  return Bun.wrapAnsi(text, width, { hard: true, wordWrap: true, trim: false })
    .split("\n")
    .map((row) => row.trimEnd());
}
