import { expect, test } from "bun:test";
import { countTestResults, formatTestCounts, sumTestCounts } from "../../scripts/count-test-results.ts";

const report = (tests: number, failures: number, skipped: number) =>
  `<?xml version="1.0"?>\n<testsuites name="bun test" tests="${tests}" assertions="9" failures="${failures}" skipped="${skipped}" time="0.1">\n<testsuite name="a" tests="77" failures="77" skipped="77"/></testsuites>`;

test.each([
  ["all passed", report(5, 0, 0), 0, { passed: 5, failed: 0, skipped: 0 }],
  ["failures and skipped ones are not passed", report(6, 2, 1), 1, { passed: 3, failed: 2, skipped: 1 }],
  [
    "a file that did not load is missing from the report",
    report(4, 0, 0),
    1,
    { passed: 4, failed: 1, skipped: 0 },
  ],
  ["no report at all", null, 1, { passed: 0, failed: 1, skipped: 0 }],
  ["a test that ended the process in peace", null, 0, { passed: 0, failed: 1, skipped: 0 }],
])("counts of the test run: %s", (_name, junitReport, exitCode, counts) => {
  expect(countTestResults(junitReport, exitCode)).toEqual(counts);
});

test("the last line names skipped tests only when there are any", () => {
  expect(formatTestCounts({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
  expect(formatTestCounts({ passed: 3, failed: 1, skipped: 2 })).toBe("3 passed, 1 failed, 2 skipped");
});

test("the counts of two runs are added", () => {
  const [first, second] = [
    { passed: 1, failed: 2, skipped: 3 },
    { passed: 10, failed: 20, skipped: 30 },
  ];
  expect(sumTestCounts([first, second])).toEqual({ passed: 11, failed: 22, skipped: 33 });
});
