/** The time that the usage of an answer has to come after its finish reason. */
export class Linger {
  readonly #ms: number;
  readonly #onEnd: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #hasEnded = false;

  /** @param onEnd called when the time is over */
  constructor(ms: number, onEnd: () => void) {
    this.#ms = ms;
    this.#onEnd = onEnd;
  }

  /** The time was over before it was stopped. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Does nothing if the time runs already. */
  start(): void {
    this.#timer ??= setTimeout(() => {
      this.#hasEnded = true;
      this.#onEnd();
    }, this.#ms);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
