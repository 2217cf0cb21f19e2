/** A clock that a test moves by hand. */
export interface Clock {
  nowMs: () => number;
  /** Lets time pass, in milliseconds. */
  pass(ms: number): void;
}

/** Creates a clock that stands still. */
export function createClock(): Clock {
  let now = 1_000_000;
  return {
    nowMs: () => now,
    pass(ms) {
      now += ms;
    },
  };
}
