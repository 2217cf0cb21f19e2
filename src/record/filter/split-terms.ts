/** One term of a filter's text. */
export interface FilterTerm {
  /** As it was written. */
  readonly source: string;
  readonly isNegated: boolean;
  /** The name before the first colon; null for a word of its own. */
  readonly member: string | null;
  /** Without its quotes. */
  readonly value: string;
}

const begin = /\s*(-?)(?:([A-Za-z_]+):)?/uy;
const quotedValue = /"((?:[^"\\]|\\.)*)"(?=\s|$)/suy;
const bareValue = /\S*/uy;

/** The terms of a filter, which blanks divide; or the rest of the text from a term on whose quotes do not end. */
export function splitTerms(text: string): { terms: readonly FilterTerm[] } | { unclosed: string } {
  const terms: FilterTerm[] = [];
  const rest = text.trimEnd();
  let at = 0;
  while (at < rest.length) {
    const [head = "", minus, member] = matchAt(begin, rest, at) ?? [];
    const valueAt = at + head.length;
    const isQuoted = rest[valueAt] === '"';
    const match = matchAt(isQuoted ? quotedValue : bareValue, rest, valueAt);
    if (match === null) return { unclosed: rest.slice(at).trimStart() };
    const end = valueAt + match[0].length;
    const value = isQuoted ? (match[1] ?? "").replace(/\\(.)/gsu, "$1") : match[0];
    terms.push({
      source: rest.slice(at, end).trimStart(),
      isNegated: minus === "-",
      member: member ?? null,
      value,
    });
    at = end;
  }
  return { terms };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The value as a term of its own or behind a member: in quotes if it could be read otherwise. */
export function quoteValue(value: string): string {
  if (/^[^\s"\\:-][^\s"\\:]*$/u.test(value)) return value;
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}
