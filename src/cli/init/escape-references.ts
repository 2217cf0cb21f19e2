const otherReference = /\$\{(?![A-Za-z_]\w*\})/g;

/**
 * What another program's file says, as texts that mean the same in ours: a variable stays one, but a file or an entry of
 * the key store, which only our own file can name, is plain text.
 */
export function escapeReferences(value: unknown): unknown {
  if (typeof value === "string") return escapeText(value);
  if (Array.isArray(value)) return value.map(escapeReferences);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, escapeReferences(member)]));
}

/** One text of it. */
export function escapeText(text: string): string {
  return text.replace(otherReference, () => "$${");
}
