/** A model id, or a pattern of ids in which `*` stands for any characters, also for none. */
export interface IdPattern {
  /** It has a `*`. */
  readonly isWild: boolean;
  /** Characters that an id must have: all but the stars. */
  readonly literalLength: number;
  /** Whether an id fits, whatever its letters' case. Takes time linear to the id for each literal part. */
  fits(id: string): boolean;
}

/** Compiles a pattern of ids. */
export function compileIdPattern(pattern: string): IdPattern {
  const [first = "", ...others] = pattern.toLowerCase().split("*");
  const last = others.pop();
  const literalLength = pattern.replaceAll("*", "").length;
  if (last === undefined) {
    return { isWild: false, literalLength, fits: (id) => id.toLowerCase() === first };
  }
  const fits = (id: string): boolean => {
    const text = id.toLowerCase();
    const end = text.length - last.length;
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    // The earliest place for each part leaves the most room for the next ones, so no place is tried twice.
    let from = first.length;
    for (const part of others) {
      const at = text.indexOf(part, from);
      if (at === -1) return false;
      from = at + part.length;
    }
    return from <= end;
  };
  return { isWild: true, literalLength, fits };
}
