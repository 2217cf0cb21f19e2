/** How a part of a line looks. */
export type Style = "bold" | "green" | "teal" | "amber" | "magenta" | "red" | "grey";

/** Gives the text in that style, or as it is where no colour is wanted. The text has no line break. */
export type Paint = (style: Style, text: string) => string;

/**
 * How each begins and ends. The colours are of the 256 that themes leave alone, and each has a contrast of 3.8 and more
 * on white and on black alike: of the sixteen with names cyan, yellow and green cannot be read on white, blue not on black.
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

/** A `Paint` that uses colour or none. */
export function createPaint(useColor: boolean): Paint {
  return useColor ? paintText : leaveText;
}
