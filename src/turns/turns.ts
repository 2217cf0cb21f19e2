import type { StepRunner } from "./run-steps.ts";

/** Runs a step now: most requests are read and written within a millisecond. */
export const runNow: StepRunner = (step) => step();

/**
 * Bodies from this size on are processed in turns. Below it each step takes some 15 ms at most, whatever it contains.
 */
export const largeBodyBytes = 512 * 1024;

/**
 * Creates a function that runs the steps of all large requests one after the other, each in a turn of the event loop of
 * its own. Reading and rewriting one body of 32 MB takes a quarter of a second, and ten may come at once: between two
 * steps every running stream can proceed.
 */
export function createTurns(): StepRunner {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    const result = last.then(nextTurn).then(step);
    // The caller gets the error; the next step has nothing to do with it.
    last = result.then(nothing, nothing);
    return result;
  };
}

/** Resolves in a turn of the event loop in which no step of another large request runs. */
export async function waitForTurn(takeTurn: StepRunner): Promise<void> {
  await takeTurn(nothing);
}

/** Resolves in the next turn of the event loop, after everything that is ready to be read and written in this one. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function nothing(): void {}
