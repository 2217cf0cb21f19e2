import type { StepRunner } from "./run-steps.ts";

/** Runs it now: most requests are read and written within a millisecond. */
export const runNow: StepRunner = (step) => step();

/**
 * A body from this size on is worked on in turns. Below it each step takes some 15 ms at the most, whatever is in it.
 */
export const largeBodyBytes = 512 * 1024;

/**
 * Creates what runs the steps of all large requests one behind the other, each in a turn of the event loop of its own.
 * To read one body of 32 MB and to write it again takes a quarter of a second, and ten may come at once: between two
 * steps every stream that runs has its chance.
 */
export function createTurns(): StepRunner {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    const result = last.then(nextTurn).then(step);
    // Whoever asked is told what was thrown; the next one has nothing to do with it.
    last = result.then(nothing, nothing);
    return result;
  };
}

/** Resolves in a turn of the event loop in which no step of another large request runs. */
export async function waitForTurn(takeTurn: StepRunner): Promise<void> {
  await takeTurn(nothing);
}

/** Resolves in the next turn of the event loop, behind all that waits to be read and written in this one. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function nothing(): void {}
