/** Limits how long one wait may last. */
export interface IdleLimit {
  /** Notes that a wait begins. */
  startWaiting(): void;
  /** Notes that the wait is over. */
  stopWaiting(): void;
  /** Clears the timer. */
  end(): void;
}

/**
 * Creates a limit that calls `onExpire` when one wait lasts `limitMs`. Time between waits does not count: a slow client
 * is not the upstream's fault. The timer is armed once in each limit and not in each wait, because a stream has many
 * thousand waits. Infinity means no limit.
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
