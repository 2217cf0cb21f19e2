import { dirname } from "node:path/posix";
import type { MeasuredTest, Meter } from "./coverage.ts";
import type { Mutant } from "./mutant.ts";
import { closeByHand } from "./tested-files.ts";

/** All test files of one mutant take about so long at most: a constant is "run" by whoever imports its module. */
const maxMs = 30_000;

/** So many test files are measured for one mutant at most: most are noticed by the first ones. */
const maxMeasured = 40;

/**
 * Chooses the test files that may notice the mutant, those that lie closest to it first: all that run one of its lines,
 * and those that are known to run them in a program or thread of their own. Where nobody does, the folder that mirrors
 * the source's. A file is measured when its turn comes.
 * @param files all that may be chosen
 * @param measure see {@link Meter}; asked only while a next test is waited for
 */
export async function* selectTests(
  mutant: Mutant,
  files: readonly string[],
  { known, measure }: { known: Meter["known"]; measure: (file: string) => Promise<MeasuredTest | null> },
): AsyncGenerator<MeasuredTest> {
  const names = closeByHand.flatMap(([source, close]) => (mutant.file.startsWith(source) ? close : []));
  const isByHand = (file: string) => names.some((name) => file.startsWith(name));
  // Behind the one that is named like the source, and before all others of its folder: those may take all the time.
  const rank = (file: string) => Math.min(isByHand(file) ? 0.5 : 3, distance(mutant.file, file));
  // Of the equally close ones the quickest, as far as that is known.
  const msOf = (file: string) => known(file)?.ms ?? Number.MAX_SAFE_INTEGER;
  const sorted = files
    .map((file) => ({ file, rank: rank(file), ms: msOf(file) }))
    .sort((a, b) => a.rank - b.rank || a.ms - b.ms);

  let ms = 0;
  let measured = 0;
  const mirrored: MeasuredTest[] = [];
  for (const { file } of sorted) {
    if (known(file) === undefined && ++measured > maxMeasured) continue;
    const test = await measure(file);
    if (test === null) continue;
    if (distance(mutant.file, file) < 3) mirrored.push(test);
    if (!runsLineOf(mutant, test) && !isByHand(file)) continue;
    if (ms > 0 && ms + test.ms > maxMs) return;
    ms += test.ms;
    yield test;
  }
  if (ms === 0) yield* mirrored;
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
  tests: AsyncIterable<MeasuredTest> | Iterable<MeasuredTest>,
  batchMs: number,
): AsyncGenerator<MeasuredTest[]> {
  let batch: MeasuredTest[] = [];
  let ms = 0;
  for await (const test of tests) {
    if (batch.length > 0 && ms + test.ms > batchMs) {
      yield batch;
      batch = [];
      ms = 0;
    }
    batch.push(test);
    ms += test.ms;
  }
  if (batch.length > 0) yield batch;
}
