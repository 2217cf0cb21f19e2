import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MeasuredTest } from "./coverage.ts";
import { applyMutant, type Mutant } from "./mutant.ts";
import { runTests } from "./run-tests.ts";
import { splitIntoBatches } from "./select-tests.ts";

/** What became of a mutant: `types` when no test notices it, but the compiler does. */
export interface Verdict {
  mutant: Mutant;
  fate: "failed" | "timed out" | "types" | "lives";
  /** The test, or at least the test file, that noticed it. */
  noticedBy: string | null;
  /** How many test files were run. */
  testFiles: number;
}

/** Test files that are run in one go, as long as they take. */
const batchMs = 4_000;
/** A run hangs when it takes that much longer than the same files do as things are. */
const [slowness, spareMs] = [3, 10_000];

/**
 * Puts the mutant into a copy of the project, runs the test files until one notices it, and puts the source back. A
 * failure counts when the same file fails twice: some tests measure time, and the machine may be busy.
 * @param lane a copy of the project in which nothing else runs
 */
export async function tryMutant(
  mutant: Mutant,
  tests: readonly MeasuredTest[],
  lane: string,
): Promise<Verdict> {
  const path = join(lane, mutant.file);
  const source = readFileSync(path, "utf8");
  writeFileSync(path, applyMutant(source, mutant));
  try {
    const noticed = await runUntilNoticed(tests, lane);
    if (noticed !== null) return { mutant, ...noticed, testFiles: tests.length };
    const isType = !(await hasTypes(lane));
    return { mutant, fate: isType ? "types" : "lives", noticedBy: null, testFiles: tests.length };
  } finally {
    writeFileSync(path, source);
  }
}

async function runUntilNoticed(
  tests: readonly MeasuredTest[],
  lane: string,
): Promise<Pick<Verdict, "fate" | "noticedBy"> | null> {
  const batches = splitIntoBatches(tests, batchMs);
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    const files = batch.map(({ file }) => file);
    const limitMs = spareMs + slowness * batch.reduce((sum, { ms }) => sum + ms, 0);
    const { result, failedFile, failedTest } = await runTests(lane, files, limitMs);
    if (result === "timed out") return { fate: "timed out", noticedBy: files.join(", ") };
    if (result === "passed") continue;
    const again = failedFile === null ? files : [failedFile];
    const second = await runTests(lane, again, limitMs);
    if (second.result !== "passed") return { fate: "failed", noticedBy: failedTest ?? failedFile };
    const rest = failedFile === null ? [] : batch.slice(files.indexOf(failedFile) + 1);
    if (rest.length > 0) batches.unshift(rest);
  }
  return null;
}

async function hasTypes(lane: string): Promise<boolean> {
  const tsc = join(lane, "node_modules/.bin/tsc");
  const run = Bun.spawn([tsc], { cwd: lane, stdin: "ignore", stdout: "ignore", stderr: "ignore" });
  return (await run.exited) === 0;
}
