import type { KeyRange, MemberRules } from "./member-rules.ts";

/** The key of a member as its characters come, and whether it may be one of which a rule speaks. */
export class MemberKey {
  readonly #rules: MemberRules;
  /** With its quotes, as far as it has come. */
  #written = '"';
  /** What it may become; null once an escape leaves that to its end. */
  #candidates: KeyRange | null;
  #escaped = false;

  constructor(rules: MemberRules) {
    this.#rules = rules;
    this.#candidates = rules.all();
  }

  /**
   * Takes one character behind the opening quote, in time that does not grow with the key or the number of rules.
   * True when it is the closing quote.
   */
  push(character: string): boolean {
    this.#written += character;
    if (this.#escaped) this.#escaped = false;
    else if (character === '"') return true;
    else if (character === "\\") this.#escaped = true;
    if (character === "\\") this.#candidates = null;
    if (this.#candidates !== null) {
      const at = this.#written.length - 2;
      this.#candidates = this.#rules.narrow(this.#candidates, at, character.charCodeAt(0));
    }
    return false;
  }

  /** Whether the next character is one that is escaped. */
  get isEscaped(): boolean {
    return this.#escaped;
  }

  /** Whether a rule may speak of the key, as far as it has come. */
  get mayBeRuled(): boolean {
    if (this.#rules.forbidsOthers) return true;
    // In a key with an escape only its end will tell.
    if (this.#candidates === null) return this.#written.length - 1 <= this.#rules.longestWritten;
    return this.#candidates.from < this.#candidates.to;
  }

  /** The whole key as it is meant; null of a broken one, of which no rule speaks. */
  get name(): string | null {
    try {
      const name: unknown = JSON.parse(this.#written);
      return typeof name === "string" ? name : null;
    } catch {
      // What is wrong with it, whoever reads the arguments will tell.
      return null;
    }
  }
}
