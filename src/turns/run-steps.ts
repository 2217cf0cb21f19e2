/** Runs a step of work, now or later, and returns its result; rejects with what it throws. */
export type StepRunner = <Result>(step: () => Result) => Result | Promise<Result>;

/** Runs work that yields between its parts, each part as a step of its own. Returns its result. */
export async function runSteps<Result>(parts: Generator<void, Result>, runStep: StepRunner): Promise<Result> {
  for (;;) {
    const { done, value } = await runStep(() => parts.next());
    if (done) return value;
  }
}

/** Runs the same work completely in this turn; passes on what it throws. */
export function runAtOnce<Result>(parts: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = parts.next();
    if (done) return value;
  }
}
