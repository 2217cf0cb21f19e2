import { GatheredText } from "../gathered-text.ts";

/** Text that waits for its block: blanks that a tool call would make needless, or text after an open call. */
export class WaitingText {
  readonly #text = new GatheredText();
  #hasWords = false;

  /** It contains more than blanks. */
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

  /** Returns the text, and starts anew. */
  take(): string {
    this.#hasWords = false;
    return this.#text.take();
  }

  /** Drops the text if it is blank. */
  dropBlanks(): void {
    if (!this.#hasWords) this.#text.take();
  }
}
