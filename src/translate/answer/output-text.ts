import { GatheredText } from "./gathered-text.ts";

/** Characters of an answer that are kept for counting: half a million tokens, four times what models write at once. */
const mostKept = 2 * 1024 * 1024;

/** An answer's output, for counting it if the upstream does not: its beginning and its whole length. */
export class OutputText {
  readonly #beginning = new GatheredText();
  #length = 0;

  add(text: string): void {
    this.#length += text.length;
    if (this.#length <= mostKept) this.#beginning.add(text);
    else this.#beginning.add(text.slice(0, mostKept - this.#beginning.length));
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  get beginning(): string {
    return this.#beginning.text;
  }

  /** The whole length divided by the length of the beginning: 1 for every answer but the very longest. */
  get lengths(): number {
    return this.isEmpty ? 1 : this.#length / this.#beginning.length;
  }
}
