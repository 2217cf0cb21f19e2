/** So often one after the other an answer may be missing before nobody asks for a while. */
const mostMisses = 3;
const pauseMs = 1_000;
const sayMs = 60_000;

/** How it stands with a database that should answer. */
export interface Silence {
  /** It was asked in vain again and again, a moment ago: to ask once more would only cost time. */
  readonly isLasting: boolean;
  noteAnswer(): void;
  /** No answer came; says so, once a minute. */
  noteMiss(cause: unknown): void;
}

/**
 * @param nowMs a clock that is never set back
 * @param say is given why there was no answer
 */
export function createSilence(nowMs: () => number, say: (cause: unknown) => void): Silence {
  let misses = 0;
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  let saidMs = Number.NEGATIVE_INFINITY;
  return {
    get isLasting() {
      return nowMs() < pausedUntilMs;
    },
    noteAnswer() {
      misses = 0;
    },
    noteMiss(cause) {
      const now = nowMs();
      misses += 1;
      if (misses >= mostMisses) pausedUntilMs = now + pauseMs;
      if (now - saidMs < sayMs) return;
      saidMs = now;
      say(cause);
    },
  };
}
