import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRecorded, readRows, startRecorder } from "./recorded.ts";

const rounds = 20;
/** What ended so long before the kill must be in the file. */
const writtenMs = 250;
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
  return output
    .trimEnd()
    .split("\n")
    .flatMap((line) => {
      const [id = "", atMs] = line.split(" ");
      return Number(atMs) < killedAtMs - writtenMs ? [id] : [];
    });
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
    const starts = { fresh: [] as number[], killed: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const due = await killUnderLoad(path, 400);
      starts.fresh.push(await measureStart(join(folder, `fresh-${round}.sqlite`)));
      starts.killed.push(await measureStart(path));
      const ids = new Set(readRows(path, "select id from requests").map(({ id }) => id));
      expect(due.length).toBeGreaterThan(10);
      expect(due.filter((id) => !ids.has(id))).toEqual([]);
    }
    expect(readRows(path, "pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
    expect(median(starts.killed)).toBeLessThan(2 * median(starts.fresh) + 100);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
