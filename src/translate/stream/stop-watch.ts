/**
 * Watches an answer's text for stop sequences that the upstream does not watch for (rule 1.5). Holds back only
 * what may be the beginning of one.
 */
export class StopWatch {
  readonly #sequences: readonly string[];
  #held = "";
  #hit: string | null = null;

  constructor(sequences: readonly string[]) {
    this.#sequences = sequences;
  }

  /** The sequence that ended the answer, or null. */
  get hit(): string | null {
    return this.#hit;
  }

  /** Returns what may be shown. After a hit nothing more comes. */
  push(text: string): string {
    if (this.#hit !== null) return "";
    if (this.#sequences.length === 0) return text;
    const pending = this.#held + text;
    const found = this.#first(pending);
    if (found !== null) {
      this.#hit = found.sequence;
      this.#held = "";
      return pending.slice(0, found.at);
    }
    const keep = this.#longestBeginning(pending);
    this.#held = pending.slice(pending.length - keep);
    return pending.slice(0, pending.length - keep);
  }

  finish(): string {
    const held = this.#held;
    this.#held = "";
    return held;
  }

  #first(text: string): { sequence: string; at: number } | null {
    let first: { sequence: string; at: number } | null = null;
    for (const sequence of this.#sequences) {
      const at = text.indexOf(sequence);
      if (at !== -1 && (first === null || at < first.at)) first = { sequence, at };
    }
    return first;
  }

  /** How many characters at the end of the text may begin a stop sequence. */
  #longestBeginning(text: string): number {
    let longest = 0;
    for (const sequence of this.#sequences) {
      for (let size = Math.min(sequence.length - 1, text.length); size > longest; size -= 1) {
        if (text.endsWith(sequence.slice(0, size))) longest = size;
      }
    }
    return longest;
  }
}
