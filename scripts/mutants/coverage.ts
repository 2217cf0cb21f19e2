import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { runTests } from "./run-tests.ts";

const measuredTest = z.object({
  file: z.string(),
  /** How long the file takes, with the start of `bun test`. */
  ms: z.number(),
  /** The lines that it runs, by source. */
  lines: z.record(z.string(), z.array(z.number())),
});

const coverageFile = z.object({
  key: z.string(),
  tests: z.array(measuredTest),
  /** Test files that fail as things are, and say nothing about a mutant. */
  red: z.array(z.string()),
});

/** One test file, and what it runs of the sources. */
export type MeasuredTest = z.infer<typeof measuredTest>;

/** Measures test files, each at most once; what was found is kept until a file changes. */
export interface Meter {
  /** What is known of a test file without running it: undefined when it was not measured. */
  known: (file: string) => MeasuredTest | null | undefined;
  /**
   * Runs a test file once, to see that it passes as things are, how long it takes and which lines it runs.
   * @param lane a copy of the project with no mutant in it, in which nothing else runs
   * @returns null when it fails as things are
   */
  measure: (file: string, lane: string) => Promise<MeasuredTest | null>;
  /** The test files that failed as things are. */
  red: () => string[];
  /** Keeps what was found for the next run. */
  save: () => void;
}

const limitMs = 60_000;

/** @param projectFolder the working tree, which is only read, but for its `.cache/` */
export async function createMeter(projectFolder: string): Promise<Meter> {
  const cachePath = join(projectFolder, ".cache/mutants-coverage.json");
  const key = hashOf(projectFolder, ["src", "test", "package.json", "bun.lock"]);
  const cached = existsSync(cachePath) ? coverageFile.safeParse(await Bun.file(cachePath).json()) : null;
  const found = new Map<string, MeasuredTest | null>();
  if (cached?.data?.key === key) {
    for (const test of cached.data.tests) found.set(test.file, test);
    for (const file of cached.data.red) found.set(file, null);
  }
  const running = new Map<string, Promise<MeasuredTest | null>>();
  const run = async (file: string, lane: string) => {
    // The second time is for the machine, which may have been busy.
    const test = (await measureTest(lane, file)) ?? (await measureTest(lane, file));
    found.set(file, test);
    return test;
  };
  const red = () => [...found].flatMap(([file, test]) => (test === null ? [file] : [])).sort();
  return {
    known: (file) => found.get(file),
    measure: async (file, lane) => {
      const known = found.get(file);
      if (known !== undefined) return known;
      const measuring = running.get(file) ?? run(file, lane);
      running.set(file, measuring);
      return measuring;
    },
    red,
    save: () => {
      const tests = [...found.values()].filter((test) => test !== null);
      tests.sort((a, b) => (a.file < b.file ? -1 : 1));
      mkdirSync(join(projectFolder, ".cache"), { recursive: true });
      writeFileSync(cachePath, JSON.stringify({ key, tests, red: red() }));
    },
  };
}

/** Null when the test file fails. */
async function measureTest(lane: string, file: string): Promise<MeasuredTest | null> {
  const folder = join(lane, ".coverage");
  const start = performance.now();
  const flags = ["--coverage", "--coverage-reporter=lcov", `--coverage-dir=${folder}`];
  const { result } = await runTests(lane, [file], limitMs, flags);
  const report = join(folder, "lcov.info");
  const lines = result === "passed" && existsSync(report) ? readLcov(readFileSync(report, "utf8")) : {};
  rmSync(folder, { recursive: true, force: true });
  return result === "passed" ? { file, ms: Math.round(performance.now() - start), lines } : null;
}

/** The lines that were run, by source below `src/`, of a report in the form of lcov. */
export function readLcov(report: string): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  for (const record of report.split("end_of_record")) {
    const [, source] = /^SF:(src\/.+)$/m.exec(record) ?? [];
    if (source === undefined) continue;
    const hits = record.matchAll(/^DA:(\d+),(\d+)/gm);
    found[source] = [...hits].filter(([, , count]) => count !== "0").map(([, line]) => Number(line));
  }
  return found;
}

/** All files below a part of the project, as paths from its folder, sorted. */
export function listFiles(projectFolder: string, part: string): string[] {
  const names = readdirSync(join(projectFolder, part), { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(projectFolder.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}

function hashOf(projectFolder: string, parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    const files = part.includes(".") ? [part] : listFiles(projectFolder, part);
    for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(projectFolder, file)));
  }
  return hash.digest("hex");
}
