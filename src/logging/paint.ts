/** The look of a part of a line. */
export type Style = "bold" | "green" | "teal" | "amber" | "magenta" | "red" | "grey";

/** Returns the text in that style, or unchanged if no colour is wanted. The text has no line break. */
export type Paint = (style: Style, text: string) => string;

/**
 * The escape sequences before and after each style. The colours are among the 256 that themes leave alone, and each has
 * a contrast of at least 3.8 on white as well as on black. Of the sixteen with names, cyan, yellow and green cannot be
 * read on white, and blue not on black.
 */
const sequences: Readonly<Record<Style, readonly [string, string]>> = {
  bold: ["\u001b[1m", "\u001b[22m"],
  green: ["\u001b[38;5;28m", "\u001b[39m"],
  teal: ["\u001b[38;5;30m", "\u001b[39m"],
  amber: ["\u001b[38;5;130m", "\u001b[39m"],
  magenta: ["\u001b[38;5;133m", "\u001b[39m"],
  red: ["\u001b[38;5;160m", "\u001b[39m"],
  grey: ["\u001b[38;5;243m", "\u001b[39m"],
};

function paintText(style: Style, text: string): string {
  const [begin, end] = sequences[style];
  return text === "" ? "" : begin + text + end;
}

const leaveText: Paint = (_style, text) => text;

/** Creates a `Paint` that uses colour or none. */
export function createPaint(useColor: boolean): Paint {
  return useColor ? paintText : leaveText;
}
