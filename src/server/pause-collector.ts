export interface PauseOptions {
  /** How long no request may have run before memory is released; default 1 s. */
  quietMs?: number;
  /** How much the process must have grown since the last collection; default 8 MB. */
  worthwhileBytes?: number;
}

/** Releases memory in the pauses between requests. */
export interface PauseCollector {
  /** Notes that a request or an upload has ended. */
  noteEnd(): void;
  /** Stops collecting. */
  close(): void;
}

const defaultQuietMs = 1_000;
const defaultWorthwhileBytes = 8_000_000;

/**
 * Creates a collector. JavaScriptCore collects when a program allocates, so an idle program keeps the garbage of its
 * last requests: about 1 MB for each request of 180 KB. A collection stops everything for 10 ms and more, so it waits
 * until no request runs. Under constant load nothing is collected, and an idle process is never woken: only the end of
 * a request arms the timer.
 * @param countRunning returns the number of running requests
 */
export function createPauseCollector(
  countRunning: () => number,
  { quietMs = defaultQuietMs, worthwhileBytes = defaultWorthwhileBytes }: PauseOptions = {},
): PauseCollector {
  let timer: Timer | undefined;
  let endedAtMs = performance.now();
  let isClosed = false;
  let leanBytes = residentBytes() ?? 0;

  const wait = (ms: number): void => {
    timer = setTimeout(collect, ms).unref();
  };
  const collect = (): void => {
    timer = undefined;
    if (countRunning() > 0) return;
    // Each request notes the time of its end, which is cheaper than restarting a timer.
    const restMs = quietMs - (performance.now() - endedAtMs);
    if (restMs > 1) {
      wait(restMs);
      return;
    }
    const heldBytes = residentBytes();
    if (heldBytes === null || heldBytes - leanBytes < worthwhileBytes) return;
    Bun.gc(true);
    leanBytes = residentBytes() ?? heldBytes;
  };

  return {
    noteEnd() {
      if (countRunning() > 0 || isClosed) return;
      endedAtMs = performance.now();
      if (timer === undefined) wait(quietMs);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

/**
 * Null if the system does not report it: the value is read from a file, and there may be no descriptor left to open it.
 */
function residentBytes(): number | null {
  try {
    return process.memoryUsage.rss();
  } catch {
    return null;
  }
}
