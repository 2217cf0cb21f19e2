import { type StopNode, StopSequences } from "./stop-sequences.ts";

const outside: StopNode = 0;

/**
 * Watches an answer's text for stop sequences that the upstream does not watch for (rule 1.5). Holds back only a
 * possible beginning of one. The first complete sequence ends the answer, and of several that end together the longest
 * one. So the result is the same however the text was cut.
 */
export class StopWatch {
  readonly #wanted: readonly string[];
  /** Created when there is text to watch. */
  #sequences: StopSequences | null = null;
  /** The beginning of a sequence that is held back. */
  #held: StopNode = outside;
  #hit: string | null = null;

  constructor(sequences: readonly string[]) {
    this.#wanted = sequences;
  }

  /** The sequence that ended the answer, or null. */
  get hit(): string | null {
    return this.#hit;
  }

  /** Everything that is pushed is returned unchanged. */
  get watchesNothing(): boolean {
    return this.#wanted.length === 0;
  }

  /** Returns text that may be shown. Returns nothing more after a hit. */
  push(text: string): string {
    if (this.#hit !== null) return "";
    if (this.watchesNothing) return text;
    this.#sequences ??= new StopSequences(this.#wanted);
    return this.#watch(text, this.#sequences);
  }

  finish(): string {
    const held = this.#sequences?.beginning(this.#held) ?? "";
    this.#held = outside;
    return held;
  }

  #watch(text: string, sequences: StopSequences): string {
    const held = sequences.beginning(this.#held);
    let node = this.#held;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (node === outside && !sequences.mayBegin(code)) continue;
      node = sequences.next(node, code);
      this.#hit = sequences.ending(node);
      if (this.#hit === null) continue;
      this.#held = outside;
      return cut(held, text, held.length + at + 1 - this.#hit.length);
    }
    this.#held = node;
    return cut(held, text, held.length + text.length - sequences.beginning(node).length);
  }
}

/** The first `length` characters of both texts together. */
function cut(held: string, text: string, length: number): string {
  return length <= held.length ? held.slice(0, length) : held + text.slice(0, length - held.length);
}
