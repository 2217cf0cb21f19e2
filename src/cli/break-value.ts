/** The narrowest that a value is broken to. */
const leastWidth = 20;

/**
 * A value that stands behind `indent`, on as many rows as a terminal needs for it: what that breaks by itself goes on at
 * its edge, below the labels. Where there is no terminal it stays whole.
 * @param value one line without colours
 * @param columns width of the terminal; null where there is none
 */
export function breakValue(value: string, columns: number | null, indent: string): string {
  if (columns === null) return value;
  const width = Math.max(columns - indent.length, leastWidth);
  const rows: string[] = [];
  let row = "";
  for (const character of value) {
    if (row !== "" && Bun.stringWidth(row + character) > width) {
      rows.push(row);
      row = "";
    }
    row += character;
  }
  return [...rows, row].join(`\n${indent}`);
}
