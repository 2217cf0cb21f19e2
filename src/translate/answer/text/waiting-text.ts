import { GatheredText } from "../gathered-text.ts";

/** Text that waits for its block: blanks that a tool call makes needless, or text behind an open call. */
export class WaitingText {
  readonly #text = new GatheredText();
  #hasWords = false;

  /** It is not blank. */
  get hasWords(): boolean {
    return this.#hasWords;
  }

  get isEmpty(): boolean {
    return this.#text.isEmpty;
  }

  add(text: string, hasWords: boolean): void {
    this.#text.add(text);
    this.#hasWords = hasWords;
  }

  /** Gives the text, and begins anew. */
  take(): string {
    this.#hasWords = false;
    return this.#text.take();
  }

  /** Forgets blanks. */
  dropBlanks(): void {
    if (!this.#hasWords) this.#text.take();
  }
}
