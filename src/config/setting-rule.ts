/** What a rule makes of a text: a value, or the fault in words that follow the setting's name. */
export type Checked<Value> = { readonly value: Value } | { readonly fault: string };

/**
 * What the text of a setting may be. The settings are read at every start, which a library of schemas makes 2 to 5 ms
 * longer (docs/performance.md); they are all texts, for which this is enough.
 */
export interface Rule<Value> {
  /** The texts that it takes, as a person is told them; null if they cannot be listed. */
  readonly words: readonly string[] | null;
  /** Reads a text; undefined means that the setting is not set. */
  check(text: string | undefined): Checked<Value>;
  /** The same rule for a setting that need not be set. */
  optional(): Rule<Value | undefined>;
  /** The same rule for a setting that has this text if it is not set. */
  withDefault(text: string): Rule<Value>;
  /** The same rule with another step behind it. */
  followedBy<Next>(read: (value: Value) => Checked<Next>): Rule<Next>;
}

/** Creates a rule from a function that reads the text of a setting that is set. */
export function createRule<Value>(
  read: (text: string) => Checked<Value>,
  words: Rule<Value>["words"] = null,
): Rule<Value> {
  return createRuleOf((text) => (text === undefined ? { fault: "is not set" } : read(text)), words);
}

function createRuleOf<Value>(check: Rule<Value>["check"], words: Rule<Value>["words"]): Rule<Value> {
  return {
    words,
    check,
    optional: () =>
      createRuleOf<Value | undefined>(
        (text) => (text === undefined ? { value: undefined } : check(text)),
        words,
      ),
    withDefault: (usual) => createRuleOf((text) => check(text ?? usual), words),
    // The next step may take fewer texts.
    followedBy: (read) =>
      createRuleOf((text) => {
        const checked = check(text);
        return "fault" in checked ? checked : read(checked.value);
      }, null),
  };
}
