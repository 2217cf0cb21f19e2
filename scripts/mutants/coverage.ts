import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { runTests } from "./run-tests.ts";
import { isFast } from "./tested-files.ts";

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

/** Which test file runs which lines. */
export type Coverage = Omit<z.infer<typeof coverageFile>, "key">;

const limitMs = 60_000;

/**
 * Runs each fast test file once, to see that it passes as things are, how long it takes and which lines it runs. What
 * was found is kept until a file changes.
 * @param projectFolder the working tree, which is only read, but for its `.cache/`
 * @param lanes copies of it to run tests in, one file at a time in each
 */
export async function measureCoverage(projectFolder: string, lanes: readonly string[]): Promise<Coverage> {
  const cachePath = join(projectFolder, ".cache/mutants-coverage.json");
  const key = hashOf(projectFolder, ["src", "test", "package.json", "bun.lock"]);
  const cached = existsSync(cachePath) ? coverageFile.safeParse(await Bun.file(cachePath).json()) : null;
  if (cached?.data?.key === key) return cached.data;

  const waiting = listFiles(projectFolder, "test").filter(
    (file) => file.endsWith(".test.ts") && isFast(file),
  );
  const tests: MeasuredTest[] = [];
  const red: string[] = [];
  await Promise.all(
    lanes.map(async (lane) => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
        // The second time is for the machine, which may have been busy.
        const measured = (await measureTest(lane, file)) ?? (await measureTest(lane, file));
        if (measured === null) red.push(file);
        else tests.push(measured);
      }
    }),
  );
  tests.sort((a, b) => (a.file < b.file ? -1 : 1));
  mkdirSync(join(projectFolder, ".cache"), { recursive: true });
  writeFileSync(cachePath, JSON.stringify({ key, tests, red: red.sort() }));
  return { tests, red };
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
