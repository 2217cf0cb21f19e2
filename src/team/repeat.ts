/** Something that is done again and again. */
export interface Repeated {
  /** Does it soon, if it is not being done now. */
  wake(): void;
  /** Ends it, after what is being done. */
  close(): Promise<void>;
}

/**
 * Does something at once, and again so long after each time. It does not keep the program alive.
 * @param step never rejects
 */
export function repeat(pauseMs: number, step: () => Promise<void>): Repeated {
  let timer: Timer | null = null;
  let isClosed = false;
  let isAsked = false;
  let running: Promise<void> | null = null;
  const run = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    isAsked = false;
    running = step().then(() => {
      running = null;
      if (!isClosed) timer = setTimeout(run, isAsked ? 0 : pauseMs).unref();
    });
  };
  run();
  return {
    wake() {
      isAsked = true;
      if (running === null && !isClosed) run();
    },
    async close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}
