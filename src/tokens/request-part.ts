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

/** A part whose texts are whatever of `values` is a text; anything else counts nothing. */
export function createPart(
  section: PartSection,
  label: string,
  fixedTokens: number,
  ...values: readonly unknown[]
): RequestPart {
  return { section, label, fixedTokens, items: textItems(...values) };
}

/** The non-empty strings of `values`, to be tokenised each by itself. */
export function textItems(...values: readonly unknown[]): TokenizerItem[] {
  const texts = values.filter((value): value is string => typeof value === "string" && value !== "");
  return texts.map((content) => ({ kind: "text", content }));
}
