/** A pair of tags around reasoning. */
export interface TagPair {
  open: string;
  close: string;
}

/** The knowledge about a model whose prompt opens its reasoning. */
export interface LoneThinkTag {
  /** The tag at the end of the prompt; null if no answer has shown it. */
  readonly known: string | null;
  /** Learns from an answer: the tag that was closed but never opened, or null if none was closed. */
  learn(tag: string | null): void;
}

/** A tag after one of these is quoted. */
const quotes = /[`'"]/;

/** Looks in the text of a streamed answer for a closing tag that was never opened. Only the first tag counts. */
export class LoneTagWatch {
  readonly #pairs: readonly TagPair[];
  readonly #onFound: (openTag: string) => void;
  readonly #longest: number;
  /** Text that may end in the beginning of a tag, with the character before it; null when the watch is over. */
  #tail: string | null = "";
  #mayBegin = false;

  constructor(pairs: readonly TagPair[], onFound: (openTag: string) => void) {
    this.#pairs = pairs;
    this.#onFound = onFound;
    this.#longest = Math.max(...pairs.flatMap(({ open, close }) => [open.length, close.length]));
  }

  push(text: string): void {
    if (this.#tail === null) return;
    if (!this.#mayBegin && !text.includes("<")) {
      this.#tail = text;
      return;
    }
    const seen = this.#tail.slice(-this.#longest) + text;
    const found = this.#pairs
      .flatMap(({ open, close }) => [
        { at: seen.indexOf(open), closed: null },
        { at: seen.indexOf(close), closed: open },
      ])
      .filter(({ at }) => at !== -1)
      .sort((one, other) => one.at - other.at)[0];
    this.#tail = found === undefined ? seen.slice(-this.#longest) : null;
    this.#mayBegin = this.#tail?.includes("<") ?? false;
    if (found !== undefined && found.closed !== null && !quotes.test(seen.charAt(found.at - 1)))
      this.#onFound(found.closed);
  }
}
