/** Characters of one row that look the same. */
export interface Run {
  /** Columns from the left edge. */
  readonly column: number;
  readonly text: string;
  readonly style: Style;
}

export interface Style {
  /** `#rrggbb`; null for that of the terminal. */
  readonly colour: string | null;
  readonly background: string | null;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
  readonly isReversed: boolean;
}

const plain: Style = {
  colour: null,
  background: null,
  isBold: false,
  isDim: false,
  isItalic: false,
  isUnderlined: false,
  isReversed: false,
};

/** The sixteen colours that a theme chooses; these are readable on a dark ground. */
const named = (
  "#484f58 #ff7b72 #3fb950 #d29922 #58a6ff #bc8cff #39c5cf #b1bac4 " +
  "#6e7681 #ffa198 #56d364 #e3b341 #79c0ff #d2a8ff #56d4dd #f0f6fc"
).split(" ");

const cubeLevels = [0, 95, 135, 175, 215, 255] as const;

/** A colour of the palette of 256. */
function colourOf(index: number): string {
  const hex = (levels: readonly number[]) =>
    `#${levels.map((level) => level.toString(16).padStart(2, "0")).join("")}`;
  if (index < 16) return named[index] ?? "#ffffff";
  if (index >= 232) return hex(Array<number>(3).fill(8 + (index - 232) * 10));
  const place = index - 16;
  return hex([Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6].map((at) => cubeLevels[at] ?? 0));
}

/** Reads the colour behind 38 or 48, and says how many of the codes belong to it. */
function readColour(codes: readonly number[]): { colour: string | null; length: number } {
  if (codes[0] === 5) return { colour: colourOf(codes[1] ?? 0), length: 2 };
  const levels = codes.slice(1, 4).map((level) => level.toString(16).padStart(2, "0"));
  return { colour: `#${levels.join("")}`, length: 4 };
}

const changes: Readonly<Record<number, Partial<Style>>> = {
  0: plain,
  1: { isBold: true },
  2: { isDim: true },
  3: { isItalic: true },
  4: { isUnderlined: true },
  7: { isReversed: true },
  22: { isBold: false, isDim: false },
  23: { isItalic: false },
  24: { isUnderlined: false },
  27: { isReversed: false },
  39: { colour: null },
  49: { background: null },
};

function changeStyle(before: Style, codes: readonly number[]): Style {
  let style = before;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { colour, length } = readColour(codes.slice(at + 1));
      style = { ...style, ...(code === 38 ? { colour } : { background: colour }) };
      at += length;
    } else if (code >= 30 && code <= 37) style = { ...style, colour: colourOf(code - 30) };
    else if (code >= 90 && code <= 97) style = { ...style, colour: colourOf(code - 82) };
    else if (code >= 40 && code <= 47) style = { ...style, background: colourOf(code - 40) };
    else if (code >= 100 && code <= 107) style = { ...style, background: colourOf(code - 92) };
    else style = { ...style, ...changes[code] };
  }
  return style;
}

const styleCodes = /^([\d;:]*)m/;

/**
 * Parses what `tmux capture-pane -e` prints. A style holds on over the ends of rows.
 * @returns the runs of each row
 */
export function parseScreen(screen: string): Run[][] {
  let style = plain;
  return screen.split("\n").map((line) => {
    const runs: Run[] = [];
    let column = 0;
    const add = (text: string) => {
      if (text !== "") runs.push({ column, text, style });
      column += Bun.stringWidth(text);
    };
    const [first = "", ...others] = line.split("\u001b[");
    add(first);
    for (const piece of others) {
      const [head = "", codes = ""] = styleCodes.exec(piece) ?? [];
      style = changeStyle(style, codes.split(/[;:]/).map(Number));
      add(piece.slice(head.length));
    }
    return runs;
  });
}
