import { join } from "node:path";
import { migrate } from "../../src/postgres/migrate.ts";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import type { Postgres } from "../../test/support/postgres.ts";
import { type DatabaseTrial, findLimit, tryRate } from "./measure-database.ts";
import { startWriters } from "./start-writers.ts";
import type { WriterOrder } from "./writer-messages.ts";

export interface DatabaseTrials {
  /** At the rate of the busiest hour, with all caps. */
  readonly peak: DatabaseTrial;
  /** With all messages kept. */
  readonly withBodies: DatabaseTrial;
  /** With each kind of caps higher and higher rates, the last of which was too much. */
  readonly raised: readonly DatabaseTrial[];
}

const [stepSeconds, bodySeconds, bodyRows] = [10, 15, 10];
const mostRows = 100_000;

/** Lets so many instances write to the database, which is empty, at a rate and beyond it. */
export async function tryDatabase(
  postgres: Postgres,
  folder: string,
  {
    instances,
    rows,
    seconds,
    bodyBytes,
  }: { instances: number; rows: number; seconds: number; bodyBytes: number },
): Promise<DatabaseTrials> {
  const watch = openPostgres({ url: postgres.url, name: "watch", connections: 1, timeoutMs: 60_000 });
  await migrate(watch);
  const database = { query: watch.query, pid: postgres.pid() ?? 0 };
  const writers = await startWriters(instances, postgres.url, folder, 1);
  const rest: WriterOrder = { rowsPerSecond: 0, bodies: null, caps: "none" };
  /** Until nothing waits any more, or a while has passed. */
  const settle = async () => {
    writers.set(rest);
    const endMs = performance.now() + 30_000;
    do await Bun.sleep(1_500);
    while (writers.readState().waiting > 0 && performance.now() < endMs);
  };
  const raise = async (from: number, caps: WriterOrder["caps"]): Promise<DatabaseTrial[]> => {
    const trials: DatabaseTrial[] = [];
    for (let rowsPerSecond = from; rowsPerSecond <= mostRows; rowsPerSecond *= 2) {
      const trial = await tryRate(database, writers, { ...rest, rowsPerSecond, caps }, stepSeconds);
      console.error(`  ${Math.round(rowsPerSecond)} rows/s asked, ${Math.round(trial.rows)} taken`);
      trials.push(trial);
      await settle();
      if (findLimit(trial) !== null) break;
    }
    return trials;
  };
  try {
    const bodies = await readConversation(bodyBytes);
    const peak = await tryRate(
      database,
      writers,
      { ...rest, rowsPerSecond: rows, caps: "everybody" },
      seconds,
    );
    await settle();
    const withBodies = await tryRate(
      database,
      writers,
      { ...rest, rowsPerSecond: bodyRows, bodies },
      bodySeconds,
    );
    await settle();
    const raised: DatabaseTrial[] = [];
    for (const caps of ["everybody", "own", "none"] as const) raised.push(...(await raise(rows * 2, caps)));
    return { peak, withBodies, raised };
  } finally {
    await writers[Symbol.asyncDispose]();
    await watch.close();
  }
}

/** So many bytes of what a conversation is about: files of this project, which pack as files do. */
async function readConversation(bytes: number): Promise<string> {
  const root = join(import.meta.dir, "../../src");
  let text = "";
  for await (const path of new Bun.Glob("**/*.ts").scan(root)) {
    text += JSON.stringify({ role: "user", content: await Bun.file(join(root, path)).text() });
    if (text.length > bytes) break;
  }
  return text.slice(0, bytes);
}
