/**
 * Creates the test of a filter: each of its words must be in one of the texts, in any case; `*` stands for anything.
 * Without words everything is wanted.
 */
export function createWordFilter(filter: string): (...texts: readonly (string | null)[]) => boolean {
  const patterns = filter
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase().split("*"));
  return (...texts) => {
    const lower = texts.filter((text) => text !== null).map((text) => text.toLowerCase());
    return patterns.every((parts) => lower.some((text) => hasInOrder(text, parts)));
  };
}

function hasInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return true;
}
