// Runs the tests and ends with one plain line: `N passed, N failed`. `--quick` leaves out the end-to-end tests, which
// install the real Claude Code; other arguments go to `bun test`, for example a part of a file's name.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { bunTest } from "./bun-test.ts";
import { countTestResults, formatTestCounts } from "./count-test-results.ts";

const reportFile = ".cache/test-report.xml";
const args = process.argv.slice(2);
const passedOn = args.filter((argument) => argument !== "--quick");
const ignored = args.includes("--quick") ? ["--path-ignore-patterns=**/end-to-end/**"] : [];

mkdirSync(".cache", { recursive: true });
rmSync(reportFile, { force: true });
const run = Bun.spawn(
  [...bunTest, "--reporter=junit", `--reporter-outfile=${reportFile}`, ...ignored, ...passedOn],
  { stdio: ["ignore", "inherit", "inherit"] },
);
const exitCode = await run.exited;
const counts = countTestResults(existsSync(reportFile) ? readFileSync(reportFile, "utf8") : null, exitCode);
console.log(formatTestCounts(counts));
process.exit(counts.failed === 0 ? exitCode : 1);
