// Changes one small thing at a time in a copy of the sources and runs the tests that should notice: `bun run mutants`.
//
//   --sample N     so many places, chosen by the seed (60)
//   --all          every place
//   --seed S       the choice of an earlier run; otherwise the commit is the seed
//   --file PART    only sources with that in their path, or with one of several: a,b
//   --reviewed     the list of mutants that a reviewer found alive, instead of a choice
//   --lanes N      so many at the same time, each in a copy of its own (2)
//   --minutes N    begin none after that
//   --write        puts the result into docs/reliability.md
//
// The exit code is not 0 when more live than may (of the reviewer's none, and none may be gone), or when less than a
// quarter could be tried in time.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { copyProject } from "../copy-project.ts";
import { replaceSection } from "../replace-section.ts";
import { createMeter, listFiles } from "./coverage.ts";
import { isEquivalent } from "./equivalents.ts";
import { createImportGraph } from "./import-graph.ts";
import { countAllowed } from "./judge.ts";
import { listMutants } from "./list-mutants.ts";
import { describeMutant, type Mutant } from "./mutant.ts";
import { formatSection, formatSummary } from "./report.ts";
import { locateReviewed } from "./reviewed.ts";
import { type LikelyTest, selectTests, unknownMs } from "./select-tests.ts";
import { drawLots, seedOfCommit, takeSample } from "./take-sample.ts";
import { isFast, mutatedFolders } from "./tested-files.ts";
import { type Lane, tryMutant, type Verdict } from "./try-mutant.ts";

const projectFolder = join(import.meta.dir, "../..");
const { values } = parseArgs({
  options: {
    sample: { type: "string", default: "60" },
    all: { type: "boolean", default: false },
    seed: { type: "string", default: seedOfCommit(projectFolder) },
    file: { type: "string", default: "" },
    reviewed: { type: "boolean", default: false },
    lanes: { type: "string", default: "2" },
    minutes: { type: "string", default: "Infinity" },
    write: { type: "boolean", default: false },
  },
});

/** A mutant and the test files that should notice it. */
interface Trial {
  mutant: Mutant;
  tests: (lane: Lane) => AsyncIterable<LikelyTest> | Iterable<LikelyTest>;
}

/** Tries what waits, in every lane one after the other, until the time is over. */
async function tryAll(
  trials: readonly Trial[],
  measure: (file: string, folder: string) => ReturnType<Lane["measure"]>,
): Promise<Verdict[]> {
  const waiting = [...trials];
  const verdicts: Verdict[] = [];
  const tryInLane = async (folder: string): Promise<void> => {
    const lane = { folder, measure: (file: string) => measure(file, folder) };
    while (performance.now() < endsAt) {
      const trial = waiting.shift();
      if (trial === undefined) return;
      const verdict = await tryMutant(trial.mutant, trial.tests(lane), lane);
      verdicts.push(verdict);
      if (verdict.fate === "lives") {
        console.log(`LIVES ${describeMutant(trial.mutant)} (${verdict.testFiles} test files)`);
      }
      if (verdicts.length % 10 === 0) console.log(`${verdicts.length} of ${trials.length}`);
    }
  };
  await Promise.all(lanes.map(tryInLane));
  return verdicts;
}

function isAskedFor(file: string): boolean {
  return values.file.split(",").some((part) => file.includes(part));
}

function listCandidates(): Mutant[] {
  const files = mutatedFolders.flatMap((folder) => listFiles(projectFolder, `src/${folder}`));
  return files
    .filter((file) => file.endsWith(".ts") && isAskedFor(file))
    .flatMap((file) => {
      const source = readFileSync(join(projectFolder, file), "utf8");
      return listMutants(file, source).filter((mutant) => !isEquivalent(mutant, source));
    });
}

/** The exit code: 0 when no more live than may, and enough were tried. */
function judge(verdicts: readonly Verdict[], chosen: number, allowed: number): number {
  const living = verdicts.filter(({ fate }) => fate === "lives").length;
  const isEnough = verdicts.length * 4 >= chosen;
  if (!isEnough) console.log("Less than a quarter could be tried in the time allowed.");
  return isEnough && living <= allowed ? 0 : 1;
}

async function tryReviewed(): Promise<number> {
  const tests = listFiles(projectFolder, "test").filter((file) => file.endsWith(".test.ts"));
  const located = locateReviewed(projectFolder).filter(({ file }) => isAskedFor(file));
  const trials: Trial[] = [];
  for (const { name, file, mutant, tests: beginnings } of located) {
    const concerned = tests
      .filter((test) => beginnings.some((beginning) => test.startsWith(beginning)))
      .map((test) => ({ file: test, ms: unknownMs }));
    if (mutant === null) console.log(`GONE ${file} no longer has the text of: ${name}`);
    else trials.push({ mutant, tests: () => concerned });
  }
  // These are not measured: the list was made with tests that pass as things are.
  const verdicts = await tryAll(trials, async () => ({ ms: unknownMs }));
  const living = verdicts.filter(({ fate }) => fate === "lives").length;
  const gone = located.length - trials.length;
  console.log(`${living} of the ${located.length} mutants of the review live, ${gone} are gone`);
  return gone === 0 ? judge(verdicts, trials.length, 0) : 1;
}

async function trySample(): Promise<number> {
  const candidates = listCandidates();
  const chosen = values.all ? candidates : takeSample(candidates, Number(values.sample), values.seed);
  console.log(`seed ${values.seed}: ${chosen.length} of ${candidates.length} mutants`);
  const sources = ["src", "test", "scripts"].flatMap((part) => listFiles(projectFolder, part));
  const countImports = createImportGraph(
    projectFolder,
    sources.filter((file) => /\.tsx?$/.test(file)),
  );
  const files = sources.filter((file) => /^test\/.*\.test\.ts$/.test(file) && isFast(file));
  const { known, measure, red, save } = await createMeter(projectFolder);
  const tests = (mutant: Mutant) => (lane: Lane) =>
    selectTests(mutant, { files, known, countImports, measure: (file) => measure(file, lane.folder) });
  // Not in the order of their places: when the time is over, none of the folders is left out as a whole.
  const trials = drawLots(chosen, values.seed).map((mutant) => ({ mutant, tests: tests(mutant) }));
  const verdicts = await tryAll(trials, measure);
  save();
  for (const file of red()) console.log(`${file} fails as things are, and was left out`);
  const minutes = (performance.now() - startedAt) / 60_000;
  const report = { verdicts, candidates: candidates.length, seed: values.seed, minutes };
  console.log(formatSummary(report));
  if (values.write) {
    replaceSection(join(projectFolder, "docs/reliability.md"), "mutants", formatSection(report));
  }
  return judge(verdicts, chosen.length, countAllowed(verdicts.length));
}

const startedAt = performance.now();
const endsAt = startedAt + Number(values.minutes) * 60_000;
const lanes = Array.from({ length: Number(values.lanes) }, (_, index) => copyProject(`mutants-${index + 1}`));
// What tests have started is ended at the exit, too.
process.on("exit", () => {
  for (const lane of lanes) rmSync(lane, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
process.exit(values.reviewed ? await tryReviewed() : await trySample());
