import type { TokenizerItem } from "./tokenizer.ts";

/** The kinds of parts that have tokens, for display and for sums. */
export type PartSection = "system" | "tool" | "message" | "image" | "document" | "overhead";

/** One line in the account of a request: a message, a tool, an image … */
export interface RequestPart {
  section: PartSection;
  /** For display: `tool Read`, `message 3 (user)`, `image in message 3`, `tool choice`. */
  label: string;
  /** Tokens that are known without a tokenizer. */
  fixedTokens: number;
  /** The items to count in addition, each by itself. */
  items: TokenizerItem[];
}

/** Creates a part with one text, if `text` is one. */
export function createPart(
  section: PartSection,
  label: string,
  fixedTokens: number,
  text?: unknown,
): RequestPart {
  const part: RequestPart = { section, label, fixedTokens, items: [] };
  addText(part, text);
  return part;
}

/** Adds a text that is tokenised by itself. Anything but a non-empty string adds nothing. */
export function addText(part: RequestPart, text: unknown): void {
  if (typeof text === "string" && text !== "") part.items.push({ kind: "text", content: text });
}
