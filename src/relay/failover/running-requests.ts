/** How many requests run at each upstream. */
export interface RunningRequests {
  /**
   * Takes a place at the upstream.
   * @param most how many places it has; null for no limit
   * @returns the function that gives the place back, of which only the first call counts; null if there is none
   */
  enter(upstream: string, most: number | null): (() => void) | null;
}

/** Creates the count, with no request running. */
export function createRunningRequests(): RunningRequests {
  const runningAt = new Map<string, number>();
  const change = (upstream: string, by: number) => {
    const running = (runningAt.get(upstream) ?? 0) + by;
    if (running === 0) runningAt.delete(upstream);
    else runningAt.set(upstream, running);
  };
  return {
    enter(upstream, most) {
      // Without a limit they are counted too: a reload may set one.
      if (most !== null && (runningAt.get(upstream) ?? 0) >= most) return null;
      change(upstream, 1);
      let isIn = true;
      return () => {
        if (isIn) change(upstream, -1);
        isIn = false;
      };
    },
  };
}
