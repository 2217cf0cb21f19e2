/** What becomes of the top-level members of a call's arguments (rule 3.5), by their keys. */
export interface MemberRuleSet {
  /** Left out when their value is `null`. */
  whenNull: ReadonlySet<string>;
  /** Left out when their value is `""`. */
  whenEmpty: ReadonlySet<string>;
  /** Every other key is forbidden, so that it is left out when its value is `null`; null where any key may come. */
  allowed: ReadonlySet<string> | null;
  /** Read once more when their value is a text that holds a list or an object, as the schema wants one. */
  structured: ReadonlyMap<string, StructuredValue>;
  /** False when there is no member that a call could have. */
  mayHaveMembers: boolean;
}

/** What a member has to be, of which a text is none. */
export interface StructuredValue {
  isList: boolean;
  isObject: boolean;
}

/** The rules of a call's members, so that the beginning of a key they speak of is known by its characters as they come. */
export class MemberRules {
  readonly #rules: MemberRuleSet;
  readonly #sorted: readonly string[];
  /** Characters of the longest key, each written as an escape of six. */
  readonly longestWritten: number;

  constructor(rules: MemberRuleSet) {
    this.#rules = rules;
    const keys = [...rules.whenNull, ...rules.whenEmpty, ...rules.structured.keys()];
    this.#sorted = [...new Set(keys)].sort();
    this.longestWritten = 6 * this.#sorted.reduce((most, { length }) => Math.max(most, length), 0);
  }

  /** No key is spoken of, whatever it is. */
  get isEmpty(): boolean {
    return this.#sorted.length === 0 && !this.forbidsOthers;
  }

  /** Whether a call may have arguments at all. */
  get mayHaveMembers(): boolean {
    return this.#rules.mayHaveMembers;
  }

  /** A key that is not named in the schema may come under a rule too: only its end tells. */
  get forbidsOthers(): boolean {
    return this.#rules.allowed !== null;
  }

  /** Whether what becomes of the member depends on its value. */
  isRuled(key: string): boolean {
    return this.isDroppedWhenNull(key) || this.isDroppedWhenEmpty(key) || this.structureOf(key) !== undefined;
  }

  isDroppedWhenNull(key: string): boolean {
    return this.#rules.whenNull.has(key) || this.#rules.allowed?.has(key) === false;
  }

  isDroppedWhenEmpty(key: string): boolean {
    return this.#rules.whenEmpty.has(key);
  }

  /** What the member has to be; undefined where a text may be meant. */
  structureOf(key: string): StructuredValue | undefined {
    return this.#rules.structured.get(key);
  }

  /** The keys that a new key may become. */
  all(): KeyRange {
    return { from: 0, to: this.#sorted.length };
  }

  /** Those of `range`, which have the same `at` characters before, with `code` as the next. */
  narrow({ from, to }: KeyRange, at: number, code: number): KeyRange {
    return { from: this.#first(from, to, at, code), to: this.#first(from, to, at, code + 1) };
  }

  /** The first of the keys whose character at `at` is `code` or behind it; one that ends before has none. */
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

/** Positions in the sorted keys, `to` not included; empty when they are equal. */
export interface KeyRange {
  from: number;
  to: number;
}
