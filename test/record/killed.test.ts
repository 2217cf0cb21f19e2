import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRecorded, readRows, startRecorder } from "./recorded.ts";

const rounds = 20;
/** What ended so long before the kill must be in the file, on a machine that has time for the process. */
const writtenMs = 250;
/**
 * How often a request waits for the machine on its way: for the timer, the other thread, the file, and the answer to the
 * batch before. Each may take as long as the longest trip of a message that the killed process has seen.
 */
const waits = 4;
const program = join(import.meta.dir, "record-until-killed.ts");

/** Lets the program record until it has recorded for so long, kills it, and says what must be in the file. */
async function killUnderLoad(path: string, loadMs: number): Promise<string[]> {
  const child = Bun.spawn([process.execPath, "--no-env-file", program, path], {
    stdout: "pipe",
    stderr: "inherit",
  });
  let output = "";
  let killedAtMs = 0;
  let firstAtMs = 0;
  for await (const bytes of child.stdout) {
    output += Buffer.from(bytes).toString();
    firstAtMs ||= Date.now();
    if (killedAtMs !== 0 || Date.now() - firstAtMs < loadMs) continue;
    // What is taken for too old must be so at the kill itself.
    killedAtMs = Date.now();
    child.kill("SIGKILL");
  }
  await child.exited;
  const lines = output
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" "));
  const longestTripMs = Math.max(...lines.map(([, , tripMs]) => Number(tripMs)));
  const dueMs = killedAtMs - writtenMs - waits * longestTripMs;
  return lines.flatMap(([id = "", atMs]) => (Number(atMs) < dueMs ? [id] : []));
}

/** Milliseconds that a new recorder needs for its first request. */
async function measureStart(path: string): Promise<number> {
  const startedAtMs = performance.now();
  await using record = startRecorder({ path });
  record.recorder.add(createRecorded(), []);
  await record.written();
  return performance.now() - startedAtMs;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

test("twenty kills under load lose no request older than 250 ms, break nothing and make no start slower", async () => {
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-killed-"));
  try {
    const path = join(folder, "record.sqlite");
    let looked = 0;
    const starts = { fresh: [] as number[], killed: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const due = await killUnderLoad(path, 500);
      starts.fresh.push(await measureStart(join(folder, `fresh-${round}.sqlite`)));
      starts.killed.push(await measureStart(path));
      const ids = new Set(readRows(path, "select id from requests").map(({ id }) => id));
      expect(due.filter((id) => !ids.has(id))).toEqual([]);
      looked += due.length;
    }
    // A machine without time for it shows nothing, and must not pass for one that does.
    expect(looked).toBeGreaterThan(10 * rounds);
    expect(readRows(path, "pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
    expect(median(starts.killed)).toBeLessThan(2 * median(starts.fresh) + 100);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
