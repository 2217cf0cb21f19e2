import { dirname } from "node:path/posix";
import { waitingTests } from "../lone-tests.ts";
import type { MeasuredTest, Meter } from "./coverage.ts";
import type { CountImports } from "./import-graph.ts";
import type { Mutant } from "./mutant.ts";
import { closeByHand } from "./tested-files.ts";

/** All test files of one mutant take about so long at most: a constant is "run" by whoever imports its module. */
const maxMs = 30_000;

/** So many of the closest test files are run without a look at what they run: most mutants are noticed by these. */
const unseen = 6;
/** What a test file is thought to take that was not measured. */
export const unknownMs = 2_000;

/** So many test files are measured for one mutant at most. */
const maxMeasured = 40;

/** What is known of test files. */
export interface KnownTests {
  /** All that may be chosen. */
  files: readonly string[];
  known: Meter["known"];
  /** See {@link Meter}; asked only while a next test is waited for. */
  measure: (file: string) => Promise<MeasuredTest | null>;
  countImports: CountImports;
}

/** A test file that may notice a mutant; null as long as nobody knows how long it takes. */
export type LikelyTest = Pick<MeasuredTest, "file"> & { ms: number | null };

/**
 * Chooses the test files that may notice the mutant, those that lie closest to it first: a few as they are, then all that
 * run one of its lines, and those that are known to run them in a program or thread of their own. Where nobody does, the
 * folder that mirrors the source's. A file is measured when its turn comes.
 */
export async function* selectTests(
  mutant: Mutant,
  { files, known, measure, countImports }: KnownTests,
): AsyncGenerator<LikelyTest> {
  const names = closeByHand.flatMap(([source, close]) => (mutant.file.startsWith(source) ? close : []));
  const isByHand = (file: string) => names.some((name) => file.startsWith(name));
  // Behind the one that is named like the source, and before all others of its folder: those may take all the time.
  const rank = (file: string) => Math.min(isByHand(file) ? 0.5 : 3, distance(mutant.file, file));
  const imports = countImports(mutant.file);
  // Of the equally close ones first those that import it, and of these the quickest, as far as that is known.
  const sorted = files
    .filter((file) => imports.has(file) || isByHand(file))
    .map((file) => ({
      file,
      rank: rank(file),
      imports: imports.get(file) ?? 0,
      ms: known(file)?.ms ?? Number.MAX_SAFE_INTEGER,
    }))
    // What waits for half a minute is only run where it is near.
    .filter((test) => test.rank < 3 || !waitingTests.includes(test.file))
    .sort((a, b) => a.rank - b.rank || a.imports - b.imports || a.ms - b.ms);

  let ms = 0;
  let measured = 0;
  let isRun = false;
  const mirrored: MeasuredTest[] = [];
  for (const [index, { file, rank }] of sorted.entries()) {
    const isUnseen = known(file) === undefined && index < unseen && rank < 3;
    if (isUnseen) {
      ms += unknownMs;
      yield { file, ms: null };
      continue;
    }
    if (known(file) === undefined && ++measured > maxMeasured) continue;
    const test = await measure(file);
    if (test === null) continue;
    if (rank < 3) mirrored.push(test);
    if (!runsLineOf(mutant, test) && !isByHand(file)) continue;
    if (ms > 0 && ms + test.ms > maxMs) return;
    ms += test.ms;
    isRun = true;
    yield test;
  }
  if (!isRun) yield* mirrored;
}

function runsLineOf({ file, line, lastLine }: Mutant, { lines }: MeasuredTest): boolean {
  return lines[file]?.some((run) => run >= line && run <= lastLine) ?? false;
}

/**
 * 0 for the test file named like the source, 1 for the folder that mirrors its own, 2 for one that shares a name with it:
 * what `translate/answer/` does is mostly tried through `protocols/chat/answer/`.
 */
function distance(source: string, test: string): number {
  const mirrored = source.replace(/^src\//, "test/").replace(/\.ts$/, "");
  if (test.startsWith(`${mirrored}.`)) return 0;
  if (dirname(test) === dirname(mirrored)) return 1;
  const [, ...folders] = dirname(mirrored).split("/");
  return folders.some((folder) => test.includes(`/${folder}/`)) ? 2 : 3;
}

/** The tests in runs of about `batchMs` each, in their order: a run that hangs is soon ended. */
export async function* splitIntoBatches(
  tests: AsyncIterable<LikelyTest> | Iterable<LikelyTest>,
  batchMs: number,
): AsyncGenerator<LikelyTest[]> {
  let batch: LikelyTest[] = [];
  let sumMs = 0;
  for await (const test of tests) {
    const ms = test.ms ?? unknownMs;
    if (batch.length > 0 && sumMs + ms > batchMs) {
      yield batch;
      batch = [];
      sumMs = 0;
    }
    batch.push(test);
    sumMs += ms;
  }
  if (batch.length > 0) yield batch;
}
