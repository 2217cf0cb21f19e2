/** The rules for the top-level members of a call's arguments (rule 3.5), by their keys. */
export interface MemberRuleSet {
  /** Dropped if their value is `null`. */
  whenNull: ReadonlySet<string>;
  /** Dropped if their value is `""`. */
  whenEmpty: ReadonlySet<string>;
  /** All other keys are forbidden, and dropped if their value is `null`. Null if any key may come. */
  allowed: ReadonlySet<string> | null;
  /** Parsed if their value is a text with a list or an object, because the schema requires one. */
  structured: ReadonlyMap<string, StructuredValue>;
  /** False if no member is possible in a call. */
  mayHaveMembers: boolean;
}

/** The type that a member must have, if it must not be a text. */
export interface StructuredValue {
  isList: boolean;
  isObject: boolean;
}

/** The rules of a call's members, organised so that the beginning of a key is recognised as its characters come. */
export class MemberRules {
  readonly #rules: MemberRuleSet;
  readonly #sorted: readonly string[];
  /** Characters of the longest key, if each is written as an escape of six. */
  readonly longestWritten: number;

  constructor(rules: MemberRuleSet) {
    this.#rules = rules;
    const keys = [...rules.whenNull, ...rules.whenEmpty, ...rules.structured.keys()];
    this.#sorted = [...new Set(keys)].sort();
    this.longestWritten = 6 * this.#sorted.reduce((most, { length }) => Math.max(most, length), 0);
  }

  /** No rule applies to any key. */
  get isEmpty(): boolean {
    return this.#sorted.length === 0 && !this.forbidsOthers;
  }

  /** Whether a call may have arguments at all. */
  get mayHaveMembers(): boolean {
    return this.#rules.mayHaveMembers;
  }

  /** A rule may also apply to keys that the schema does not name: only their end reveals which they are. */
  get forbidsOthers(): boolean {
    return this.#rules.allowed !== null;
  }

  /** Whether the member's value decides what happens to it. */
  isRuled(key: string): boolean {
    return this.isDroppedWhenNull(key) || this.isDroppedWhenEmpty(key) || this.structureOf(key) !== undefined;
  }

  isDroppedWhenNull(key: string): boolean {
    return this.#rules.whenNull.has(key) || this.#rules.allowed?.has(key) === false;
  }

  isDroppedWhenEmpty(key: string): boolean {
    return this.#rules.whenEmpty.has(key);
  }

  /** The type that the member must have; undefined if it may be a text. */
  structureOf(key: string): StructuredValue | undefined {
    return this.#rules.structured.get(key);
  }

  /** All keys, which any new key may become. */
  all(): KeyRange {
    return { from: 0, to: this.#sorted.length };
  }

  /** The keys of `range`, all with the same first `at` characters, whose next character is `code`. */
  narrow({ from, to }: KeyRange, at: number, code: number): KeyRange {
    return { from: this.#first(from, to, at, code), to: this.#first(from, to, at, code + 1) };
  }

  /**
   * The first of the keys whose character at `at` is `code` or greater; a key that ends before `at` has no such
   * character.
   */
  #first(from: number, to: number, at: number, code: number): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.#sorted[middle]?.charCodeAt(at) ?? Number.NaN;
      if (found >= code) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Positions in the sorted keys, excluding `to`; empty if they are equal. */
export interface KeyRange {
  from: number;
  to: number;
}
