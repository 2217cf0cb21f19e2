import type { TokenizerItem } from "./tokenizer.ts";

/** Where tokens are, for people and for adding up. */
export type PartSection = "system" | "tool" | "message" | "image" | "document" | "overhead";

/** One line of a request's account: a message, a tool, an image … */
export interface RequestPart {
  section: PartSection;
  /** For people: `tool Read`, `message 3 (user)`, `image in message 3`, `tool choice`. */
  label: string;
  /** Tokens that are known without a tokenizer. */
  fixedTokens: number;
  /** What is to be counted beside them, each by itself. */
  items: TokenizerItem[];
}

/** A part with one text, where `text` is one. */
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

/** Adds a text that is tokenised by itself. Anything but a non-empty string counts nothing. */
export function addText(part: RequestPart, text: unknown): void {
  if (typeof text === "string" && text !== "") part.items.push({ kind: "text", content: text });
}
