import { dirname } from "node:path/posix";
import type { Coverage, MeasuredTest } from "./coverage.ts";
import type { Mutant } from "./mutant.ts";
import { closeByHand } from "./tested-files.ts";

/** All test files of one mutant take about so long at most: a constant is "run" by whoever imports its module. */
const maxMs = 30_000;

/**
 * The test files that may notice the mutant, those that lie closest to it first: all that run one of its lines, and
 * those that are known to run them in a program or thread of their own. Where nobody does, the folder that mirrors the
 * source's.
 */
export function selectTests(mutant: Mutant, { tests }: Coverage): MeasuredTest[] {
  const names = closeByHand.flatMap(([source, close]) => (mutant.file.startsWith(source) ? close : []));
  const isByHand = (file: string) => names.some((name) => file.startsWith(name));
  const running = tests.filter((test) => runsLineOf(mutant, test) || isByHand(test.file));
  const concerned =
    running.length > 0 ? running : tests.filter(({ file }) => distance(mutant.file, file) < 3);
  // Behind the one that is named like the source, and before all others of its folder: those may take all the time.
  const rank = ({ file }: MeasuredTest) => Math.min(isByHand(file) ? 0.5 : 3, distance(mutant.file, file));
  const sorted = concerned
    .map((test) => ({ test, rank: rank(test) }))
    .sort((a, b) => a.rank - b.rank || a.test.ms - b.test.ms);
  let ms = 0;
  return sorted
    .map(({ test }) => test)
    .filter((test, index) => {
      ms += test.ms;
      return index === 0 || ms <= maxMs;
    });
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

/** The files in runs of about `batchMs` each, in their order: a run that hangs is soon ended. */
export function splitIntoBatches(tests: readonly MeasuredTest[], batchMs: number): MeasuredTest[][] {
  const batches: MeasuredTest[][] = [];
  let ms = Number.POSITIVE_INFINITY;
  for (const test of tests) {
    if (ms + test.ms > batchMs) {
      batches.push([]);
      ms = 0;
    }
    batches.at(-1)?.push(test);
    ms += test.ms;
  }
  return batches;
}
