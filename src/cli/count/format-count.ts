/** The total of a count. */
export interface CountTotal {
  kind: string;
  /** Null if no model's factor was applied. */
  model: string | null;
  tokens: number;
  rawTokens: number;
  factor: number;
}

/** One line of the table. */
export interface CountedPart {
  label: string;
  rawTokens: number;
}

/**
 * Formats a count for people: a table of the parts, if there are any, and below it the total. The parts are in tokens
 * of o200k_base, before the model's factor.
 */
export function formatCount(total: CountTotal, parts: readonly CountedPart[]): string {
  const table = parts.map(({ label, rawTokens }) => {
    const share = total.rawTokens === 0 ? 0 : (rawTokens / total.rawTokens) * 100;
    return `${group(rawTokens).padStart(11)}  ${share.toFixed(1).padStart(5)} %  ${printable(label)}\n`;
  });
  const head =
    table.length > 0 && total.factor !== 1
      ? "Parts in o200k_base tokens, before the model's factor; the total includes it.\n\n"
      : "";
  return `${head}${table.join("")}${table.length > 0 ? "\n" : ""}${formatTotal(total)}\n`;
}

function formatTotal({ kind, model, tokens, rawTokens, factor }: CountTotal): string {
  const what = `${group(tokens)} tokens in a ${kind}`;
  if (model === null) return `${what} (o200k_base)`;
  const how = factor === 1 ? "o200k_base" : `${group(rawTokens)} of o200k_base x ${factor}`;
  return `${what} for ${printable(model)} (${how})`;
}

function group(count: number): string {
  return count.toLocaleString("en-US");
}

/** Names come from a file with any content: no control character may reach the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, "?");
}
