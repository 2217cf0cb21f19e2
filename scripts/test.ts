// Runs the tests, two files at a time beside those that only wait, and ends with one plain line: `N passed, N failed`. `--quick` leaves out the
// end-to-end tests, which install the real Claude Code; other arguments go to `bun test`, for example a part of a file's
// name.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { bunTest } from "./bun-test.ts";
import { countTestResults, formatTestCounts, sumTestCounts, type TestCounts } from "./count-test-results.ts";
import { freshTests, loneTests, waitingTests } from "./lone-tests.ts";

const args = process.argv.slice(2);
const isQuick = args.includes("--quick");
const passedOn = args.filter((argument) => argument !== "--quick");
const ignore = (pattern: string) => `--path-ignore-patterns=${pattern}`;
const quick = isQuick ? [ignore("**/end-to-end/**")] : [];

/** As many as a small machine has cores: tests of limits of time would not bear more there. */
const workers = Math.min(2, availableParallelism());

/** @param isBeside what it prints is printed when it has ended, so that it stands between nothing else */
async function runTests(
  name: string,
  flags: readonly string[],
  isBeside = false,
): Promise<TestCounts & { exitCode: number }> {
  const reportFile = `.cache/test-report-${name}.xml`;
  rmSync(reportFile, { force: true });
  const run = Bun.spawn([...bunTest, "--reporter=junit", `--reporter-outfile=${reportFile}`, ...flags], {
    stdio: ["ignore", "inherit", isBeside ? "pipe" : "inherit"],
  });
  const printed = isBeside ? new Response(run.stderr).text() : null;
  const exitCode = await run.exited;
  process.stderr.write((await printed) ?? "");
  const report = existsSync(reportFile) ? readFileSync(reportFile, "utf8") : null;
  return { ...countTestResults(report, exitCode), exitCode };
}

mkdirSync(".cache", { recursive: true });
// Tests that were asked for by name run as before, one after the other.
const isWhole = passedOn.length === 0;
const find = (paths: readonly string[]) => (isWhole ? paths.filter((path) => existsSync(path)) : []);
const fresh = find(freshTests);
const lone = find(loneTests);
const waiting = find(waitingTests).filter((path) => !(isQuick && path.includes("/end-to-end/")));
// The workers keep their modules from file to file, as one process for all tests does: loading them costs seconds.
const beside = [`--parallel=${workers}`, "--no-isolate"];
const others = isWhole ? [...beside, ...[...fresh, ...lone, ...waiting].map(ignore)] : passedOn;
const named = (paths: readonly string[]) => paths.map((path) => `./${path}`);
const waitingRun = waiting.length > 0 ? [runTests("waiting", named(waiting), true)] : [];
const runs = await Promise.all([runTests("others", [...others, ...quick]), ...waitingRun]);
if (fresh.length > 0) runs.push(await runTests("fresh", [...beside, ...named(fresh)]));
if (lone.length > 0) runs.push(await runTests("alone", named(lone)));
const counts = sumTestCounts(runs);
console.log(formatTestCounts(counts));
process.exit(counts.failed === 0 ? Math.max(...runs.map(({ exitCode }) => exitCode)) : 1);
