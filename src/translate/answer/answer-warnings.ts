const mostWarnings = 50;
const mostCharacters = 256;

/** Collects warnings for the log, each once. They contain words of the upstream, so their length is limited. */
export class AnswerWarnings {
  readonly #texts = new Set<string>();

  add(text: string): void {
    if (this.#texts.size < mostWarnings) this.#texts.add(text.slice(0, mostCharacters));
  }

  get all(): string[] {
    return [...this.#texts];
  }
}
