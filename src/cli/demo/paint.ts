import { styleText } from "node:util";

export type Style = "bold" | "dim" | "cyan" | "magenta" | "green" | "red";

/** Gives the text in that style, or as it is where colour is not wanted. */
export type Paint = (style: Style, text: string) => string;

/** A `Paint` that uses colour or none. */
export function createPaint(useColor: boolean): Paint {
  // The terminal has been looked at already, by whoever decided on colour.
  return useColor
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_style, text) => text;
}
