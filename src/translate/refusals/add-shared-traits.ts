import type { SentParts } from "./sent-parts.ts";

/**
 * Adds the traits that a request can have on any wire: its fields, and the causes of repairs that every wire makes. Keeps
 * at most `mostFields` fields, because they may be the client's own. This runs for every answer, so it adds to an
 * existing set.
 */
export function addSharedTraits(
  traits: Set<string>,
  sent: Readonly<Record<string, unknown>>,
  mostFields: number,
  parts: Pick<SentParts, "asksForThinking" | "hasImages" | "outputFormat" | "thinkingLevel">,
): void {
  const { asksForThinking, hasImages, outputFormat, thinkingLevel } = parts;
  for (const field in sent) {
    if (sent[field] !== undefined && traits.size < mostFields) traits.add(field);
  }
  if (typeof outputFormat === "string") traits.add(`response_format ${outputFormat}`);
  if (hasImages) traits.add("image");
  if (asksForThinking) traits.add("thinking");
  if (thinkingLevel !== null) traits.add(`thinking level ${thinkingLevel}`);
}
