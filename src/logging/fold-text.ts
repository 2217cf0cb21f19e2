/**
 * Folds each line between its words, so that none is wider than the terminal. A word that is too long for a line, such
 * as a path, stays whole, and so does a command at the end of its line (`Run: …`): the terminal breaks it, and it can
 * be copied.
 * @param text without colours; keeps its own line breaks and the indentation of its lines
 * @param columns width in columns; null leaves the text unchanged, for readers without a fixed width
 * @param indent added, after the indentation of the line, to every row but the first
 */
export function foldText(text: string, columns: number | null, indent = ""): string {
  if (columns === null) return text;
  return text
    .split("\n")
    .flatMap((line) => (Bun.stringWidth(line) <= columns ? [line] : foldLine(line, columns, indent)))
    .join("\n");
}

function foldLine(line: string, columns: number, indent: string): string[] {
  const margin = /^ */.exec(line)?.[0] ?? "";
  const rows: string[] = [];
  let row = margin;
  let width = margin.length;
  let gap = "";
  let hasWord = false;
  for (const piece of splitPieces(line.slice(margin.length))) {
    if (piece.startsWith(" ")) {
      gap = piece;
      continue;
    }
    const wordWidth = Bun.stringWidth(piece);
    if (hasWord && width + gap.length + wordWidth > columns) {
      rows.push(row);
      row = margin + indent;
      width = row.length;
      gap = "";
    }
    row += gap + piece;
    width += gap.length + wordWidth;
    hasWord = true;
  }
  return [...rows, row];
}

/** Words and the gaps between them. */
function splitPieces(text: string): string[] {
  const command = /\brun: /i.exec(text);
  if (command === null) return text.split(/( +)/);
  const end = command.index + "run:".length;
  return [...text.slice(0, end).split(/( +)/), " ", text.slice(end + 1)];
}
