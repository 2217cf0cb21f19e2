/** How binding a rule is, in the words of RFC 2119. */
export type RuleLevel = "MUST" | "SHOULD" | "MAY";

/** One rule of the translation. */
export interface Rule {
  /** The section, and behind a colon what the rule is about: `1.1:max_tokens`. Tests carry it in their names. */
  id: string;
  level: RuleLevel;
  /** What happens, for a user. Markdown. */
  text: string;
  /** Why the program does not do it; a rule without this one is kept and needs a test. */
  leftOut: string | null;
}

/** A section of the rules, with the words that introduce its table. */
export interface RuleSection {
  id: string;
  title: string;
  /** Markdown; "" for none. */
  introduction: string;
  rules: readonly Rule[];
}

/** A rule as it is written down: name behind the section's id, level, text, and why it is left out. */
export type RuleRow = readonly [name: string, level: RuleLevel, text: string, leftOut?: string];

/**
 * Creates a section. The name of a row becomes `<section>:<name>`, and "" the section's id itself; in a section
 * without an id the names are ids already.
 */
export function createSection(
  id: string,
  title: string,
  introduction: string,
  rows: readonly RuleRow[],
): RuleSection {
  const rules = rows.map(([name, level, text, leftOut]) => ({
    id: [id, name].filter((part) => part !== "").join(":"),
    level,
    text,
    leftOut: leftOut ?? null,
  }));
  return { id, title, introduction, rules };
}
