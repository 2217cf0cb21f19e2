// Runs the tests, two files at a time, and ends with one plain line: `N passed, N failed`. `--quick` leaves out the
// end-to-end tests, which install the real Claude Code; other arguments go to `bun test`, for example a part of a file's
// name.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { bunTest } from "./bun-test.ts";
import { countTestResults, formatTestCounts, sumTestCounts, type TestCounts } from "./count-test-results.ts";
import { freshTests, loneTests } from "./lone-tests.ts";

const args = process.argv.slice(2);
const passedOn = args.filter((argument) => argument !== "--quick");
const ignore = (pattern: string) => `--path-ignore-patterns=${pattern}`;
const quick = args.includes("--quick") ? [ignore("**/end-to-end/**")] : [];

/** As many as a small machine has cores: tests of limits of time would not bear more there. */
const workers = Math.min(2, availableParallelism());

async function runTests(name: string, flags: readonly string[]): Promise<TestCounts & { exitCode: number }> {
  const reportFile = `.cache/test-report-${name}.xml`;
  rmSync(reportFile, { force: true });
  const run = Bun.spawn([...bunTest, "--reporter=junit", `--reporter-outfile=${reportFile}`, ...flags], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const exitCode = await run.exited;
  const report = existsSync(reportFile) ? readFileSync(reportFile, "utf8") : null;
  return { ...countTestResults(report, exitCode), exitCode };
}

mkdirSync(".cache", { recursive: true });
// Tests that were asked for by name run as before, one after the other.
const isWhole = passedOn.length === 0;
const find = (paths: readonly string[]) => (isWhole ? paths.filter((path) => existsSync(path)) : []);
const fresh = find(freshTests);
const lone = find(loneTests);
// The workers keep their modules from file to file, as one process for all tests does: loading them costs seconds.
const beside = [`--parallel=${workers}`, "--no-isolate"];
const others = isWhole ? [...beside, ...[...fresh, ...lone].map(ignore)] : passedOn;
const runs = [await runTests("others", [...others, ...quick])];
const named = (paths: readonly string[]) => paths.map((path) => `./${path}`);
if (fresh.length > 0) runs.push(await runTests("fresh", [...beside, ...named(fresh)]));
if (lone.length > 0) runs.push(await runTests("alone", named(lone)));
const counts = sumTestCounts(runs);
console.log(formatTestCounts(counts));
process.exit(counts.failed === 0 ? Math.max(...runs.map(({ exitCode }) => exitCode)) : 1);
