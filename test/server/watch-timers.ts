/**
 * Watches the timers that code in a folder of `src/`, given as a pattern, makes, in this process. `active` gives where those were made that
 * have neither fired nor been taken away.
 */
export function watchTimers(folder = "(?:server|relay)"): { active(): string[]; [Symbol.dispose](): void } {
  const { setTimeout: makeTimeout, setInterval: makeInterval, clearTimeout, clearInterval } = globalThis;
  const made = new Map<unknown, string>();
  const inFolder = new RegExp(`src/${folder}/[\\w/-]+\\.ts:\\d+`);
  const note = <Timer>(timer: Timer): Timer => {
    // Whoever called is the first that is not in this file.
    const caller = (new Error("made here").stack ?? "")
      .split("\n")
      .slice(1)
      .find((line) => !line.includes("watch-timers"));
    const place = inFolder.exec(caller ?? "")?.[0];
    if (place !== undefined) made.set(timer, place);
    return timer;
  };
  const watched = {
    setTimeout: (call: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
      const timer: ReturnType<typeof makeTimeout> = makeTimeout(() => {
        made.delete(timer);
        call(...args);
      }, ms);
      return note(timer);
    },
    setInterval: (call: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
      note(makeInterval(() => call(...args), ms)),
    clearTimeout: (timer: ReturnType<typeof makeTimeout>) => {
      made.delete(timer);
      clearTimeout(timer);
    },
    clearInterval: (timer: ReturnType<typeof makeInterval>) => {
      made.delete(timer);
      clearInterval(timer);
    },
  };
  Object.assign(globalThis, watched);
  return {
    active: () => [...made.values()],
    [Symbol.dispose]: () => {
      Object.assign(globalThis, {
        setTimeout: makeTimeout,
        setInterval: makeInterval,
        clearTimeout,
        clearInterval,
      });
    },
  };
}
