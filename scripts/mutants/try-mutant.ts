import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MeasuredTest } from "./coverage.ts";
import { applyMutant, type Mutant } from "./mutant.ts";
import { runTests } from "./run-tests.ts";
import { type LikelyTest, splitIntoBatches } from "./select-tests.ts";

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

/** A copy of the project in which nothing else runs. */
export interface Lane {
  folder: string;
  /** Measures a test file there; asked only while the copy is without a mutant. Null when it fails as things are. */
  measure: (file: string) => Promise<Pick<MeasuredTest, "ms"> | null>;
}

/**
 * Runs the test files with the mutant in a copy of the project until one notices it. A failure counts when the same file
 * fails twice, as some tests measure time and the machine may be busy, and passes without the mutant.
 * @param tests in their order; while the next one is waited for, the copy is without the mutant
 */
export async function tryMutant(
  mutant: Mutant,
  tests: AsyncIterable<LikelyTest> | Iterable<LikelyTest>,
  lane: Lane,
): Promise<Verdict> {
  const path = join(lane.folder, mutant.file);
  const source = readFileSync(path, "utf8");
  const withMutant: WithMutant = async (run) => {
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
    const noticed = await runUntilNoticed(batch, lane, withMutant);
    if (noticed !== null) return { mutant, ...noticed, testFiles };
  }
  const fate = (await withMutant(() => hasTypes(lane.folder))) ? "lives" : "types";
  return { mutant, fate, noticedBy: null, testFiles };
}

type WithMutant = <Result>(run: () => Promise<Result>) => Promise<Result>;

async function runUntilNoticed(
  batch: readonly LikelyTest[],
  { folder, measure }: Lane,
  withMutant: WithMutant,
): Promise<Pick<Verdict, "fate" | "noticedBy"> | null> {
  let tests = batch;
  while (tests.length > 0) {
    const limitMs = spareMs + slowness * tests.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
    const run = (files: readonly string[]) => withMutant(() => runTests(folder, files, limitMs));
    const files = tests.map(({ file }) => file);
    const { result, failedFile, failedTest } = await run(files);
    if (result === "passed") return null;
    if (result === "timed out") {
      if (tests.every(({ ms }) => ms !== null)) return { fate: "timed out", noticedBy: files.join(", ") };
      tests = await measureAll(tests, measure);
      continue;
    }
    const suspects = failedFile === null ? files : [failedFile];
    const isNoticed = (await run(suspects)).result !== "passed";
    if (isNoticed && (await passAsThingsAre(suspects, measure))) {
      return { fate: "failed", noticedBy: failedTest ?? failedFile };
    }
    tests = failedFile === null ? [] : tests.slice(files.indexOf(failedFile) + 1);
  }
  return null;
}

async function measureAll(tests: readonly LikelyTest[], measure: Lane["measure"]): Promise<LikelyTest[]> {
  const measured: LikelyTest[] = [];
  for (const { file } of tests) {
    const test = await measure(file);
    if (test !== null) measured.push({ file, ms: test.ms });
  }
  return measured;
}

async function passAsThingsAre(files: readonly string[], measure: Lane["measure"]): Promise<boolean> {
  for (const file of files) if ((await measure(file)) === null) return false;
  return true;
}

async function hasTypes(lane: string): Promise<boolean> {
  const tsc = join(lane, "node_modules/.bin/tsc");
  const run = Bun.spawn([tsc], { cwd: lane, stdin: "ignore", stdout: "ignore", stderr: "ignore" });
  return (await run.exited) === 0;
}
