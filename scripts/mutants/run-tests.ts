import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { bunTest } from "../bun-test.ts";

/** What one run of tests came to. */
export interface TestRun {
  result: "passed" | "failed" | "timed out";
  /** The file that failed first, where one is named. */
  failedFile: string | null;
  /** The first test that failed; null where a file could not even be loaded. */
  failedTest: string | null;
}

/** Properties are tried with few cases, always the same: most mutants fail at the first ones. */
const fewCases = { CI: undefined, FUZZ_RUNS: "300", FUZZ_SEED: "1", LAW_RUNS: "300", LAW_SEED: "1" };

/** How long what a run has printed is waited for, when a program that a test has left behind holds the pipe. */
const outputMs = 2_000;

/**
 * Runs test files in the order given, until the first failure. Whatever they have started is ended with them, and
 * writes below `folder` only what it would write at home or among the temporary files.
 * @param folder a copy of the project
 * @param limitMs after that the run is ended: it hangs
 * @param flags for `bun test`
 */
export async function runTests(
  folder: string,
  files: readonly string[],
  limitMs: number,
  flags: readonly string[] = [],
): Promise<TestRun> {
  const [home, temporary] = [join(folder, ".home"), join(folder, ".tmp")];
  for (const path of [home, temporary]) mkdirSync(path, { recursive: true });
  const run = Bun.spawn([...bunTest, "--bail", ...flags, ...files.map((file) => `./${file}`)], {
    cwd: folder,
    env: { ...process.env, ...fewCases, HOME: home, TMPDIR: temporary },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    // The leader of a group of its own: with it ends what a test has started and, failing, left behind.
    detached: true,
  });
  const end = () => endGroup(run.pid);
  process.once("exit", end);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, limitMs);
  const printed = run.stderr.text();
  const exitCode = await run.exited;
  clearTimeout(timer);
  end();
  process.off("exit", end);
  const output = await Promise.race([printed, Bun.sleep(outputMs).then(() => "")]);
  if (isLate) return { result: "timed out", failedFile: null, failedTest: null };
  if (exitCode === 0) return { result: "passed", failedFile: null, failedTest: null };
  return { result: "failed", ...findFailure(output) };
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    // Nothing of it is left, which is the rule.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** The first failure in what `bun test` has printed. */
export function findFailure(output: string): Omit<TestRun, "result"> {
  let file: string | null = null;
  for (const line of output.split("\n")) {
    const [, name] = /^(?:\.\/)?(test\/\S+\.test\.ts):$/.exec(line) ?? [];
    if (name !== undefined) file = name;
    const [, failed] = /^\(fail\) (.+?)(?: \[[\d.]+ms\])?$/.exec(line) ?? [];
    if (failed !== undefined) return { failedFile: file, failedTest: failed };
  }
  return { failedFile: file, failedTest: null };
}
