import { afterEach, beforeEach, expect, test as plainTest } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRecordPlace } from "../../src/config/record-place.ts";
import { readRows, until } from "../record/recorded.ts";
import { readSharedRows } from "../record/shared-recorder.ts";
import { chunk, stopChunk } from "../support/chunks.ts";
import { nameWithPostgres, postgresPassword, sharePostgres, whyNoPostgres } from "../support/postgres.ts";
import { startPostgresGate } from "../support/postgres-gate.ts";
import { sse, status } from "../support/reply.ts";
import { hello, type Pair, startPair } from "../support/start-pair.ts";

let folder: string;
let databases = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "claude-proxy-recording-shared-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const test = (name: string, work: () => Promise<void>) =>
  plainTest.skipIf(whyNoPostgres !== null)(nameWithPostgres(name), work);

function readPlace(text: string) {
  const place = readRecordPlace(text);
  if ("fault" in place) throw new Error(place.fault);
  return place.value;
}

const startRecorded = (record: string, stateFolder = folder): Promise<Pair> =>
  startPair({ settings: { record: readPlace(record), stateFolder, recordBodies: "all" } });

async function createDatabase(): Promise<string> {
  databases += 1;
  return (await sharePostgres()).createDatabase(`recording_shared_${databases}`);
}

async function play({ upstream, post, count }: Pair): Promise<void> {
  const headers = { "x-claude-code-session-id": "session-1" };
  for (const content of ["word", "other"]) {
    upstream.reply(sse([chunk({ content }), stopChunk]));
    await (await post({ ...hello, stream: true }, { headers })).text();
  }
  upstream.reply(status(400, { error: { message: "no such model: sk-upstream-key" } }));
  await (await post(hello, { headers })).text();
  await (await count()).text();
  await (await post("no json")).text();
}

/** What is another one each time. */
const own = [
  "seq",
  "id",
  "time",
  "upstream",
  "first_byte_ms",
  "duration_ms",
  "tokens_per_second",
  "attempts",
];

const withoutOwn = (rows: readonly Record<string, unknown>[]) =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !own.includes(name))));

test("the same traffic makes equal rows in a file and in a database", async () => {
  const url = await createDatabase();
  const all = "select * from requests order by seq";
  const messages = "select name, send, bytes, is_cut from bodies order by seq, name, send";
  let expected: Record<string, unknown>[][] = [];
  {
    await using pair = await startRecorded("on");
    await play(pair);
    const path = join(folder, "record.sqlite");
    await until(() => existsSync(path) && readRows(path, "select 1 from sqlite_master").length > 0);
    await until(() => readRows(path, all).length === 5);
    expected = [withoutOwn(readRows(path, all)), readRows(path, messages)];
  }
  await using pair = await startRecorded(url);
  await play(pair);
  await pair.proxy.stop();
  expect([withoutOwn(await readSharedRows(url, all)), await readSharedRows(url, messages)]).toEqual(expected);
  expect(existsSync(join(folder, "spool")) ? readdirSync(join(folder, "spool")) : []).toEqual([]);
});

test("while the database is away requests are answered, /status and /metrics say so, and nothing shows a key", async () => {
  const url = await createDatabase();
  const server = await sharePostgres();
  await using gate = await startPostgresGate(server.port);
  await gate.refuse();
  await using pair = await startRecorded(gate.urlOf(url));
  await play(pair);
  const ask = async (path: string) => (await fetch(`${pair.proxy.url}${path}`)).text();
  const read = async () => JSON.parse(await ask("/status")).record;
  for (const endMs = performance.now() + 5_000; (await read()).spooled < 5; ) {
    if (performance.now() > endMs) throw new Error(`still ${JSON.stringify(await read())}`);
    await Bun.sleep(20);
  }
  const place = `127.0.0.1:${gate.port}${new URL(url).pathname}`;
  const { away_since: awaySince, ...record } = await read();
  expect(record).toEqual({
    path: place,
    bytes: 0,
    bodies: "all",
    waiting: 0,
    lost: 0,
    fault: `The database ${place} does not answer: Failed to connect. Look whether it runs and can be reached.`,
    spooled: 5,
  });
  expect(Date.now() - Date.parse(awaySince)).toBeLessThan(60_000);
  const metrics = await ask("/metrics");
  expect(metrics).toContain("claude_proxy_record_spooled_requests 5\n");
  expect(metrics).toMatch(/^claude_proxy_record_away_since_seconds 1\d{9}/m);
  const spool = join(folder, "spool");
  const bytes = Buffer.concat(readdirSync(spool).map((name) => readFileSync(join(spool, name))));
  const seen = [await ask("/status"), metrics, bytes.toString("latin1")].join("\n");
  expect(seen).toContain("session-1");
  for (const secret of ["sk-upstream-key", postgresPassword]) expect(seen).not.toContain(secret);
  await gate.pass();
  await pair.proxy.stop();
  expect(await readSharedRows(url, "select count(*) count from requests")).toEqual([{ count: 5 }]);
});
