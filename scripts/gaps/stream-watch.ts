/** Reads streams without end and knows the longest time in which any of them stood still. */
export class StreamWatch {
  #longestMs = 0;
  readonly #stop = new AbortController();

  /** Reads one stream more. @param body of a POST; without one it is a GET */
  async open(url: string, body?: string): Promise<void> {
    const headers = { "content-type": "application/json" };
    const request = body === undefined ? {} : { method: "POST", headers, body };
    void this.#read(await fetch(url, { ...request, signal: this.#stop.signal }));
  }

  /** The longest gap while `work` is done, in milliseconds. */
  async during(work: () => Promise<unknown>): Promise<number> {
    this.#longestMs = 0;
    await work();
    // What stood still until its end is read now.
    await Bun.sleep(50);
    return this.#longestMs;
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #read(response: Response): Promise<void> {
    let lastMs = performance.now();
    try {
      for await (const _ of response.body ?? []) {
        const nowMs = performance.now();
        this.#longestMs = Math.max(this.#longestMs, nowMs - lastMs);
        lastMs = nowMs;
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
    if (!this.#stop.signal.aborted) throw new Error("a watched stream has ended");
  }
}
