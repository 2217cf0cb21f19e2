/**
 * Runs the steps in their order, each whatever the ones before it threw: for the end of something, where one step that
 * fails must not keep the others from giving back what they hold. Returns what was thrown.
 */
export function runEach(steps: readonly (() => void)[]): unknown[] {
  const thrown: unknown[] = [];
  for (const step of steps) {
    try {
      step();
    } catch (error) {
      thrown.push(error);
    }
  }
  return thrown;
}
