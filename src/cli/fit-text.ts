/**
 * The text in at most so many columns: of a longer one the middle is left out, as both ends of a model's id tell it
 * from others.
 */
export function fitText(text: string, width: number): string {
  const ownWidth = Bun.stringWidth(text);
  if (ownWidth <= width) return text;
  if (width < 2) return "…".slice(0, Math.max(0, width));
  const end = Math.floor((width - 1) / 2);
  return `${Bun.sliceAnsi(text, 0, width - 1 - end)}…${Bun.sliceAnsi(text, ownWidth - end)}`;
}

/** The text with blanks behind it, or before it, up to this width. */
export function padText(text: string, width: number, side: "left" | "right" = "right"): string {
  const blanks = " ".repeat(Math.max(0, width - Bun.stringWidth(text)));
  return side === "left" ? blanks + text : text + blanks;
}
