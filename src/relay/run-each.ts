/**
 * Runs all steps in order, even if earlier ones throw. For the end of something: a step that fails must not keep the
 * others from releasing what they hold. Returns what was thrown.
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
