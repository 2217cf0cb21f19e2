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
  /** How many test files were run, or stood in the run that noticed it. */
  testFiles: number;
}

/** Test files that are run in one go, as long as they take. */
const batchMs = 4_000;
/** A run hangs when it takes that much longer than the same files do as things are. */
const [slowness, spareMs] = [3, 10_000];

/**
 * Runs the test files with the mutant in a copy of the project until one notices it. A failure counts when the same file
 * fails twice: some tests measure time, and the machine may be busy.
 * @param tests in their order; while the next one is waited for, the copy is without the mutant
 * @param lane a copy of the project in which nothing else runs
 */
export async function tryMutant(
  mutant: Mutant,
  tests: AsyncIterable<MeasuredTest> | Iterable<MeasuredTest>,
  lane: string,
): Promise<Verdict> {
  const path = join(lane, mutant.file);
  const source = readFileSync(path, "utf8");
  const withMutant = async <T>(run: () => Promise<T>): Promise<T> => {
    writeFileSync(path, applyMutant(source, mutant));
    try {
      return await run();
    } finally {
      writeFileSync(path, source);
    }
  };
  let testFiles = 0;
  for await (const batch of splitIntoBatches(tests, batchMs)) {
    testFiles += batch.length;
    const noticed = await withMutant(() => runUntilNoticed(batch, lane));
    if (noticed !== null) return { mutant, ...noticed, testFiles };
  }
  const fate = (await withMutant(() => hasTypes(lane))) ? "lives" : "types";
  return { mutant, fate, noticedBy: null, testFiles };
}

async function runUntilNoticed(
  batch: readonly MeasuredTest[],
  lane: string,
): Promise<Pick<Verdict, "fate" | "noticedBy"> | null> {
  const limitMs = spareMs + slowness * batch.reduce((sum, { ms }) => sum + ms, 0);
  let files = batch.map(({ file }) => file);
  while (files.length > 0) {
    const { result, failedFile, failedTest } = await runTests(lane, files, limitMs);
    if (result === "timed out") return { fate: "timed out", noticedBy: files.join(", ") };
    if (result === "passed") return null;
    const second = await runTests(lane, failedFile === null ? files : [failedFile], limitMs);
    if (second.result !== "passed") return { fate: "failed", noticedBy: failedTest ?? failedFile };
    files = failedFile === null ? [] : files.slice(files.indexOf(failedFile) + 1);
  }
  return null;
}

async function hasTypes(lane: string): Promise<boolean> {
  const tsc = join(lane, "node_modules/.bin/tsc");
  const run = Bun.spawn([tsc], { cwd: lane, stdin: "ignore", stdout: "ignore", stderr: "ignore" });
  return (await run.exited) === 0;
}
