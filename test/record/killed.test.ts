import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nameWithPostgres, sharePostgres, whyNoPostgres } from "../support/postgres.ts";
import { startPostgresGate } from "../support/postgres-gate.ts";
import { createRecorded, readRows, startRecorder, until } from "./recorded.ts";
import { readSharedRows, startSharedRecorder } from "./shared-recorder.ts";

const rounds = 20;
/** What ended so long before the kill must be in the file, on a machine that has time for the process. */
const writtenMs = 250;
/** How long the load lasts in each round: the kills fall on every moment between two writes, also of a slower flush. */
const loadsMs = Array.from({ length: rounds }, (_, round) => 300 + 30 * round);
/**
 * How often a request waits for the machine on its way: for the timer, the other thread, the file, and the answer to the
 * batch before. Each may take as long as the longest trip of a message that the killed process has seen.
 */
const waits = 4;
const program = join(import.meta.dir, "record-until-killed.ts");

/**
 * Lets the program record until it has recorded for so long, kills it, and says what must be in the file. How old a
 * request is says the killed process itself, with the last line that could be read of it: a pause of the machine between
 * that line and the kill makes no request older.
 */
async function killUnderLoad(place: readonly string[], loadMs: number): Promise<string[]> {
  const child = Bun.spawn([process.execPath, "--no-env-file", program, ...place], {
    stdout: "pipe",
    stderr: "inherit",
  });
  let output = "";
  let lines: ReturnType<typeof parseLines> = [];
  for await (const bytes of child.stdout) {
    if (child.killed) continue;
    output += Buffer.from(bytes).toString();
    lines = parseLines(output);
    if (ageOf(lines[0], lines) >= loadMs) child.kill("SIGKILL");
  }
  await child.exited;
  const longestTripMs = Math.max(...lines.map(({ tripMs }) => tripMs));
  const isDue = (line: (typeof lines)[number]) => ageOf(line, lines) > writtenMs + waits * longestTripMs;
  return lines.filter(isDue).map(({ id }) => id);
}

function parseLines(output: string) {
  const whole = output.slice(0, output.lastIndexOf("\n"));
  return whole.split("\n").map((line) => {
    const [id = "", atMs, tripMs] = line.split(" ");
    return { id, atMs: Number(atMs), tripMs: Number(tripMs) };
  });
}

/** Milliseconds from a line to the last one, on the clock of the process that wrote them. */
function ageOf(line: { atMs: number } | undefined, lines: readonly { atMs: number }[]): number {
  return (lines.at(-1)?.atMs ?? 0) - (line?.atMs ?? 0);
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
    for (const [round, loadMs] of loadsMs.entries()) {
      const due = await killUnderLoad([path], loadMs);
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

test.skipIf(whyNoPostgres !== null)(
  nameWithPostgres("ten kills under load leave a shared record whole: the next process sends what waited"),
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "claude-proxy-killed-"));
    try {
      const server = await sharePostgres();
      const url = await server.createDatabase("killed_recorders");
      await using gate = await startPostgresGate(server.port);
      const behind = `${gate.urlOf(url)}?sslmode=disable`;
      const spoolFolder = join(folder, "spool");
      let looked = 0;
      for (const loadMs of loadsMs.slice(0, 10)) {
        // What is on its way when the process is killed may have arrived or not; now and then nothing arrives at all.
        gate.delay(loadMs % 100);
        if (loadMs % 4 === 0) await gate.refuse();
        const due = await killUnderLoad([behind, spoolFolder], loadMs);
        await gate.pass();
        {
          await using next = startSharedRecorder({ url, spoolFolder });
          await until(() => readdirSync(spoolFolder).length === 0);
          await next.written();
        }
        const rows = await readSharedRows(url, "select id from requests");
        const ids = new Set(rows.map(({ id }) => id));
        expect(due.filter((id) => !ids.has(id))).toEqual([]);
        expect(ids.size).toBe(rows.length);
        looked += due.length;
      }
      expect(looked).toBeGreaterThan(100);
      const [counts] = await readSharedRows(
        url,
        "select (select count(*) from requests where session = 's') requests, (select count(*) from bodies) messages",
      );
      expect(counts?.["messages"]).toBe(2 * Number(counts?.["requests"]));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
