/** Runs a step of work, now or later, and gives what it returns; rejects with what it throws. */
export type StepRunner = <Result>(step: () => Result) => Result | Promise<Result>;

/** Runs work that yields between its parts, each part as a step of its own. Gives what it returns. */
export async function runSteps<Result>(parts: Generator<void, Result>, runStep: StepRunner): Promise<Result> {
  for (;;) {
    const { done, value } = await runStep(() => parts.next());
    if (done) return value;
  }
}

/** The same work in this turn, all of it: what it throws is thrown. */
export function runAtOnce<Result>(parts: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = parts.next();
    if (done) return value;
  }
}
