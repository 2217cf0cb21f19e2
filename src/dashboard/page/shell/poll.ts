/**
 * Calls again and again while the page is seen: at once, then so long after each call has ended. Returns what ends it.
 * The signal ends a call that is still running. What the call throws is its own: it has to catch it.
 */
export function startPolling(call: (signal: AbortSignal) => Promise<void>, pauseMs: number): () => void {
  const ended = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isRunning = false;
  const run = async (): Promise<void> => {
    if (ended.signal.aborted || isRunning || document.hidden) return;
    clearTimeout(timer);
    isRunning = true;
    try {
      await call(ended.signal);
    } finally {
      isRunning = false;
      if (!ended.signal.aborted) timer = setTimeout(run, pauseMs);
    }
  };
  document.addEventListener("visibilitychange", run, { signal: ended.signal });
  void run();
  return () => {
    ended.abort();
    clearTimeout(timer);
  };
}
