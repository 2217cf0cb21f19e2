import type { Paint } from "../../logging/paint.ts";

/** A part of a row; texts have a colour of their own. */
interface Fragment {
  isText: boolean;
  text: string;
}

/** A unit that stays on one row if it fits there, and the spaces before it. */
interface Word {
  gap: string;
  fragments: Fragment[];
}

/**
 * Wraps JSON, or a few JSON values, between words and after commas and colons; cuts units that are wider than a row.
 * Texts are green, keys are not.
 * @returns rows of at most `columns` columns
 */
export function wrapValue(value: string, columns: number, paint: Paint): string[] {
  // Room for at least one character.
  const width = Math.max(columns, 2);
  let row: Fragment[] = [];
  const rows = [row];
  let taken = 0;
  const add = (isText: boolean, text: string) => {
    const last = row.at(-1);
    if (last?.isText === isText) last.text += text;
    else row.push({ isText, text });
    taken += Bun.stringWidth(text);
  };
  const beginRow = () => {
    row = [];
    rows.push(row);
    taken = 0;
  };
  for (const { gap, fragments } of splitWords(value)) {
    const wordWidth = fragments.reduce((sum, { text }) => sum + Bun.stringWidth(text), 0);
    if (taken > 0 && taken + gap.length + wordWidth > width) beginRow();
    else if (gap !== "") add(row.at(-1)?.isText === true && fragments[0]?.isText === true, gap);
    for (const { isText, text } of fragments) {
      let rest = text;
      while (taken + Bun.stringWidth(rest) > width) {
        const fitting = Bun.sliceAnsi(rest, 0, width - taken);
        add(isText, fitting);
        rest = rest.slice(fitting.length);
        beginRow();
      }
      add(isText, rest);
    }
  }
  return rows.map((fragments) =>
    fragments.map(({ isText, text }) => (isText ? paint("green", text) : text)).join(""),
  );
}

function splitWords(value: string): Word[] {
  let word: Word = { gap: "", fragments: [] };
  const words = [word];
  const begin = (gap: string) => {
    word = { gap, fragments: [] };
    words.push(word);
  };
  for (const [segment] of value.matchAll(/"(?:[^"\\]|\\.)*":?|[^"]+|"/g)) {
    const isText = segment.length > 1 && segment.startsWith('"') && segment.endsWith('"');
    for (const [piece] of segment.matchAll(
      segment.startsWith('"') ? / +|[^ ]+/g : / +|[^ ,:]*[,:]|[^ ,:]+/g,
    )) {
      if (piece.startsWith(" ")) {
        begin(piece);
        continue;
      }
      word.fragments.push({ isText, text: piece });
      if (!isText && /[,:]$/.test(piece)) begin("");
    }
  }
  return words.filter(({ fragments }) => fragments.length > 0);
}
