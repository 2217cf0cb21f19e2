const mostWarnings = 50;
const mostCharacters = 256;

/** What is worth a line in the log, each once. Upstreams' words stand in it, so that its length has a limit. */
export class AnswerWarnings {
  readonly #texts = new Set<string>();

  add(text: string): void {
    if (this.#texts.size < mostWarnings) this.#texts.add(text.slice(0, mostCharacters));
  }

  get all(): string[] {
    return [...this.#texts];
  }
}
