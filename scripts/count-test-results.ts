export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * The result of `bun test` in numbers.
 * @param junitReport the XML it wrote; null when it wrote none, because no test ran or one has ended the process: a failure
 *   whatever the exit code
 * @param exitCode a file that throws while it loads is missing from the report and shows in the exit code only, so a
 *   code other than 0 counts as one failure at least
 */
export function countTestResults(junitReport: string | null, exitCode: number): TestCounts {
  const root = /<testsuites [^>]*>/.exec(junitReport ?? "")?.[0] ?? "";
  const read = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(root)?.[1] ?? "0");
  const skipped = read("skipped");
  const reportedFailures = read("failures");
  return {
    passed: read("tests") - reportedFailures - skipped,
    failed: exitCode === 0 && junitReport !== null ? reportedFailures : Math.max(1, reportedFailures),
    skipped,
  };
}

/** The result of several runs as that of one. */
export function sumTestCounts(runs: readonly TestCounts[]): TestCounts {
  const sumOf = (name: keyof TestCounts) => runs.reduce((sum, counts) => sum + counts[name], 0);
  return { passed: sumOf("passed"), failed: sumOf("failed"), skipped: sumOf("skipped") };
}

/** The line a script can look for: `12 passed, 0 failed`, and what was skipped if anything was. */
export function formatTestCounts({ passed, failed, skipped }: TestCounts): string {
  const rest = skipped === 0 ? "" : `, ${skipped} skipped`;
  return `${passed} passed, ${failed} failed${rest}`;
}
