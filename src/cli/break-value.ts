/** The narrowest width for breaking a value. */
const leastWidth = 20;

/**
 * Breaks a value that follows `indent` into the rows that a terminal needs for it: a row that the terminal breaks
 * itself would continue at its left edge, below the labels. Without a terminal the value stays whole.
 * @param value one line without colours
 * @param columns width of the terminal; null if there is none
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
