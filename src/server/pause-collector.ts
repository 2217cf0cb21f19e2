export interface PauseOptions {
  /** How long no request may have run before memory is given back; default 1 s. */
  quietMs?: number;
  /** By how much the process must have grown since the last time; default 8 MB. */
  worthwhileBytes?: number;
}

/** Gives memory back in the pauses between requests. */
export interface PauseCollector {
  /** A request or an upload has ended. */
  noteEnd(): void;
  /** Nothing is given back any more. */
  close(): void;
}

const defaultQuietMs = 1_000;
const defaultWorthwhileBytes = 8_000_000;

/**
 * Creates a collector. JavaScriptCore collects when a program allocates, so one that has come to rest keeps what its
 * last requests left: about 1 MB for each of 180 KB. A collection stops everything for 10 ms and more, so it waits until
 * there is nobody to stop. Under unbroken load nothing is done, and an idle process is never woken: only the end of a
 * request arms the timer.
 * @param countRunning gives the number of requests that run
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
    // Requests note the time of their end instead of making a timer each.
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

/** Null when the system does not tell: it is read from a file, for which no descriptor may be left. */
function residentBytes(): number | null {
  try {
    return process.memoryUsage.rss();
  } catch {
    return null;
  }
}
