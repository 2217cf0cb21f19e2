/** Watches how long somebody waits. */
export interface IdleLimit {
  /** A wait begins. */
  startWaiting(): void;
  /** What was waited for has come. */
  stopWaiting(): void;
  /** Lets go of the timer. */
  end(): void;
}

/**
 * Creates a limit that calls `onExpire` when one wait lasts `limitMs`. Time between waits does not count: a
 * client that reads slowly is no fault of the upstream. One timer is armed once in a limit and not once in a
 * wait, for a stream has many thousand. Infinity is no limit.
 */
export function createIdleLimit(limitMs: number, onExpire: () => void): IdleLimit {
  let waitingSince: number | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const check = (): void => {
    timer = null;
    if (waitingSince === null) return;
    const restMs = waitingSince + limitMs - performance.now();
    // guard: silence of the upstream
    if (restMs <= 0) onExpire();
    else timer = setTimeout(check, Math.ceil(restMs));
  };

  return {
    startWaiting() {
      if (limitMs === Number.POSITIVE_INFINITY) return;
      waitingSince = performance.now();
      timer ??= setTimeout(check, limitMs);
    },
    stopWaiting() {
      waitingSince = null;
    },
    end() {
      waitingSince = null;
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
