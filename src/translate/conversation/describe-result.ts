import type { SaidPart, SaidText } from "./said-part.ts";
import type { SaidResult } from "./turn.ts";

/** Texts that already say that something failed. */
const saysError = /^(Error|<tool_use_error>|<error>)/;

const noOutput: SaidText = { type: "text", text: "(no output)" };

/**
 * A result for wires that have no member for its success (rule 2.3): at least one part, and an error says that it is
 * one.
 */
export function describeResult({
  parts,
  isError,
}: Pick<SaidResult, "parts" | "isError">): readonly SaidPart[] {
  const said = parts.length > 0 ? parts : [noOutput];
  if (!isError) return said;
  const [first, ...others] = said;
  if (first?.type !== "text") return [{ type: "text", text: "Error:" }, ...said];
  return saysError.test(first.text) ? said : [{ ...first, text: `Error: ${first.text}` }, ...others];
}
