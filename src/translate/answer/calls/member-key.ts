import type { KeyRange, MemberRules } from "./member-rules.ts";

/** The key of a member as its characters come, and whether a rule may apply to it. */
export class MemberKey {
  readonly #rules: MemberRules;
  /** The key as far as it has come, with its quotes. */
  #written = '"';
  /** The keys that it may become; null once an escape postpones that to its end. */
  #candidates: KeyRange | null;
  #escaped = false;
  #isWhole = false;
  /** It is written without escapes. */
  #isPlain = true;

  constructor(rules: MemberRules) {
    this.#rules = rules;
    this.#candidates = rules.forbidsOthers ? null : rules.all();
  }

  /**
   * Takes the characters from `at` up to the closing quote, or until no rule can apply to the key any more. Returns the
   * position after them. The time for each does not grow with the key or the number of rules.
   */
  push(text: string, at: number): number {
    let end = at;
    while (end < text.length && !this.#isWhole) {
      const code = text.charCodeAt(end);
      end += 1;
      if (this.#escaped) this.#escaped = false;
      else if (code === 0x5c) this.#escaped = true;
      else if (code === 0x22) this.#isWhole = true;
      if (code === 0x5c) this.#candidates = null;
      if (code === 0x5c || code < 0x20) this.#isPlain = false;
      if (this.#candidates === null || this.#isWhole) continue;
      const place = this.#written.length - 1 + end - at - 1;
      this.#candidates = this.#rules.narrow(this.#candidates, place, code);
      if (this.#candidates.from >= this.#candidates.to) break;
    }
    this.#written += text.slice(at, end);
    return end;
  }

  /** The closing quote has come. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Whether the next character is escaped. */
  get isEscaped(): boolean {
    return this.#escaped;
  }

  /** Whether a rule may apply to the key, as far as it has come. */
  get mayBeRuled(): boolean {
    if (this.#rules.forbidsOthers) return true;
    // A key with an escape is known only at its end.
    if (this.#candidates === null) return this.#written.length - 1 <= this.#rules.longestWritten;
    return this.#candidates.from < this.#candidates.to;
  }

  /** The whole key without escapes; null for a broken one, to which no rule applies. */
  get name(): string | null {
    if (this.#isPlain) return this.#written.slice(1, -1);
    try {
      const name: unknown = JSON.parse(this.#written);
      return typeof name === "string" ? name : null;
    } catch {
      // The parser of the arguments will report the fault.
      return null;
    }
  }
}
