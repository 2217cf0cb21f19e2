import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, test as plainTest, setSystemTime } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usualTimes } from "../../src/record/recorder-options.ts";
import { createSharedSink } from "../../src/record/writing/shared-sink.ts";
import { sharedUrl } from "../budget/shared/shared-counters.ts";
import {
  nameWithPostgres,
  type Postgres,
  postgresPassword,
  sharePostgres,
  startPostgres,
  whyNoPostgres,
} from "../support/postgres.ts";
import { type PostgresGate, startPostgresGate } from "../support/postgres-gate.ts";
import { mountDisk, nameWithDisk, whyNoDisk } from "../support/small-disk.ts";
import { createBody, createRecorded, type TestRecorder, until } from "./recorded.ts";
import { readSharedRows, startSharedRecorder } from "./shared-recorder.ts";

let server: Postgres;
let folder: string;
let databases = 0;

const test = (name: string, work: () => Promise<void>, timeoutMs?: number) =>
  plainTest.skipIf(whyNoPostgres !== null)(nameWithPostgres(name), work, timeoutMs);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "claude-proxy-shared-"));
  if (whyNoPostgres === null) server = await sharePostgres();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A new database. */
function createDatabase(): Promise<string> {
  databases += 1;
  return server.createDatabase(`shared_record_${databases}`);
}

/** A new folder for what waits. */
const createSpoolFolder = () => join(folder, `spool-${crypto.randomUUID()}`);

const listFiles = (spoolFolder: string) => (existsSync(spoolFolder) ? readdirSync(spoolFolder) : []);

const spooledFiles = (spoolFolder: string) =>
  listFiles(spoolFolder).filter((name) => name.endsWith(".sqlite"));

async function readIds(url: string): Promise<unknown[]> {
  return (await readSharedRows(url, "select id from requests order by seq")).map(({ id }) => id);
}

/** Adds requests with these ids and a message each. */
function add({ recorder }: TestRecorder, ...ids: string[]): void {
  for (const requestId of ids) {
    recorder.add(createRecorded({ requestId }), [createBody("client-request", [`asked by ${requestId}`])]);
  }
}

const numbered = (count: number, start = 0) =>
  Array.from({ length: count }, (_, at) => `req_${String(start + at).padStart(5, "0")}`);

/** Waits until it is known that the database takes nothing. */
const untilAway = ({ recorder }: TestRecorder) =>
  until(() => typeof recorder.state.shared?.awaySinceMs === "number");

const well = { backlog: 0, lost: 0, fault: null, shared: { spooled: 0, awaySinceMs: null } };

/** What of each request is in the database: itself, and its message. */
async function countTwice(url: string): Promise<unknown> {
  const [counts] = await readSharedRows(
    url,
    `select (select count(*) from requests) requests, (select count(distinct id) from requests) ids,
      (select count(*) from bodies) messages`,
  );
  return counts;
}

const twice = (count: number) => ({ requests: count, ids: count, messages: count });

async function withGate(work: (gate: PostgresGate, url: string, behind: string) => Promise<void>) {
  await using gate = await startPostgresGate(server.port);
  const url = await createDatabase();
  // What is encrypted the gate cannot read.
  await work(gate, url, `${gate.urlOf(url)}?sslmode=disable`);
}

test("a database that is away at the start gets everything in its order when it comes", () =>
  withGate(async (gate, url, behind) => {
    await gate.refuse();
    await using record = startSharedRecorder({ url: behind });
    await untilAway(record);
    add(record, ...numbered(30));
    await until(() => record.recorder.state.shared?.spooled === 30);
    expect(record.recorder.state).toMatchObject({ backlog: 0, lost: 0 });
    const place = `127.0.0.1:${gate.port}${new URL(url).pathname}`;
    expect(record.recorder.state.path).toBe(place);
    expect(record.recorder.state.fault).toBe(
      `The database ${place} does not answer: Failed to connect. Look whether it runs and can be reached.`,
    );
    expect(record.warnings).toEqual([
      `The shared record takes no requests for now; they are answered, and kept here until it does. | ${record.recorder.state.fault}`,
    ]);
    await gate.pass();
    await record.written();
    expect(await readIds(url)).toEqual(numbered(30));
    expect(record.recorder.state).toMatchObject(well);
  }));

test("a server that is killed while batches run, and one that is restarted, lose and double nothing", async () => {
  await using own = await startPostgres();
  const url = await own.createDatabase("killed");
  await using record = startSharedRecorder({ url });
  let count = 0;
  for (const end of [() => own.kill9(), () => own.stop("fast"), () => own.stop("immediate")]) {
    for (let batch = 0; batch < 20; batch += 1) {
      add(record, ...numbered(25, count));
      count += 25;
      if (batch === 10) await end();
      await Bun.sleep(10);
    }
    await untilAway(record);
    await own.start();
    await record.written();
  }
  expect(await countTwice(url)).toEqual(twice(count));
  expect(record.recorder.state).toMatchObject(well);
});

test("a connection that is cut just after the server was told loses and doubles nothing", () =>
  withGate(async (gate, url, behind) => {
    await using record = startSharedRecorder({ url: behind });
    add(record, "req_first");
    await record.written();
    for (const [at, inPlaceOf] of (["answer", "query", "answer"] as const).entries()) {
      const cut = gate.cutAt("insert into proxy_requests", inPlaceOf);
      add(record, ...numbered(50, at * 50));
      await cut;
      await record.written();
    }
    expect(await countTwice(url)).toEqual(twice(151));
    expect(record.recorder.state).toMatchObject(well);
  }));

test(
  "two seconds before each answer make nobody wait",
  () =>
    withGate(async (gate, url, behind) => {
      await using record = startSharedRecorder({ url: behind });
      add(record, "req_first");
      await record.written();
      gate.delay(2_000);
      for (const id of numbered(20)) {
        add(record, id);
        await Bun.sleep(5);
      }
      await until(() => record.recorder.state.backlog === 0);
      expect(record.recorder.state).toMatchObject({ lost: 0, fault: null });
      await until(() => record.recorder.state.shared?.spooled === 0, 20_000);
      expect(await countTwice(url)).toEqual(twice(21));
      await gate.pass();
    }),
  30_000,
);

test("a request is sent at once, and what comes soon after it goes together", async () => {
  const url = await createDatabase();
  await using record = startSharedRecorder({ url, times: { flushMs: 1, restMs: 1_000 } });
  add(record, "req_first");
  await record.written();
  await Bun.sleep(1_000);
  for (const id of numbered(20)) {
    add(record, id);
    await Bun.sleep(20);
  }
  // The first of them has not waited for the others.
  expect(await readIds(url)).toEqual(["req_first", ...numbered(1)]);
  await record.written();
  const batches = await readSharedRows(
    url,
    "select count(*) count from requests group by txid order by min(seq)",
  );
  expect(batches.map(({ count }) => count)).toEqual([1, 1, 19]);
});

test("a server that takes and never answers is given up, and asked anew", () =>
  withGate(async (gate, url, behind) => {
    await using record = startSharedRecorder({ url: behind, times: { sendMs: 300 } });
    add(record, "req_first");
    await record.written();
    gate.stall();
    add(record, ...numbered(10));
    await untilAway(record);
    expect(record.recorder.state.fault).toContain("does not answer: no answer within 300 ms.");
    await gate.pass();
    await record.written();
    expect(await countTwice(url)).toEqual(twice(11));
  }));

plainTest.skipIf(whyNoPostgres !== null).each([
  ["is full", "53100", /^The disk of the database \S+ is full\. Free some space there\.$/],
  [
    "may only be read",
    "25006",
    /^The database \S+ may only be read\. Let RECORD name the one that is written\.$/,
  ],
  ["lacks a right", "42501", /^The user in RECORD lacks a right on \S+: canary refused it\. Grant it/],
] as const)("a database that %s (%s) is named, and gets everything later", async (_, state, fault) => {
  const url = await createDatabase();
  await using record = startSharedRecorder({ url });
  add(record, "req_first");
  await record.written();
  await server.query(
    `create function refuse() returns trigger language plpgsql as
      'begin raise exception ''canary refused it'' using errcode = ''${state}''; end';
    create trigger refuse before insert on proxy_requests for each statement execute function refuse()`,
    url,
  );
  add(record, ...numbered(5));
  await untilAway(record);
  expect(record.recorder.state.fault).toMatch(fault);
  expect(record.recorder.state).toMatchObject({ backlog: 0, lost: 0, shared: { spooled: 5 } });
  await server.query("drop trigger refuse on proxy_requests", url);
  await record.written();
  expect(await countTwice(url)).toEqual(twice(6));
});

test("a wrong password and a missing database are named without the password, and tried again", async () => {
  const url = await createDatabase();
  const place = `127.0.0.1:${server.port}${new URL(url).pathname}`;
  const wrong = url.replace(postgresPassword, "canary-wrong-0123456789");
  await using record = startSharedRecorder({ url: wrong });
  add(record, "req_1");
  await untilAway(record);
  expect(record.recorder.state.fault).toBe(
    `The database ${place} refuses the user or the password of RECORD. Correct them.`,
  );
  await using other = startSharedRecorder({ url: `${url}_later` });
  add(other, "req_2");
  await untilAway(other);
  expect(other.recorder.state.fault).toBe(
    `There is no such database: ${place}_later. Create it, or correct RECORD.`,
  );
  await server.createDatabase(`${new URL(url).pathname.slice(1)}_later`);
  await other.written();
  expect(await readIds(`${url}_later`)).toEqual(["req_2"]);
  const said = JSON.stringify([record.warnings, record.recorder.state, other.warnings]);
  for (const secret of [postgresPassword, "canary-wrong", "canary_"]) expect(said).not.toContain(secret);
});

test("a database that is dropped and made anew gets its tables again", async () => {
  const url = await createDatabase();
  await using record = startSharedRecorder({ url });
  add(record, "req_1");
  await record.written();
  await server.createDatabase(new URL(url).pathname.slice(1));
  add(record, "req_2");
  await record.written();
  expect(await readIds(url)).toEqual(["req_2"]);
});

test("values that PostgreSQL does not take cost only what of them it does not take", async () => {
  const url = await createDatabase();
  await using record = startSharedRecorder({ url });
  const large = crypto.getRandomValues(new Uint8Array(1_000_000));
  const messages = [
    createBody("client-request", [large]),
    createBody("client-response", ["\0 and \ud800"], {
      head: { url: "http://x/\0", headers: { accept: "\ud800" } },
    }),
  ];
  record.recorder.add(
    createRecorded({
      requestId: "req_1",
      clientModel: "a\0b\ud800c",
      changes: { dropped: ["\0"], repairs: [], warnings: [] },
    }),
    messages,
  );
  add(record, ...numbered(40));
  for (let count = 0; count < 3; count += 1)
    record.recorder.add(createRecorded({ durationMs: Number.NaN }), []);
  add(record, ...numbered(40, 40));
  await record.written();
  expect(await readSharedRows(url, "select asked_model, changes from requests where id = 'req_1'")).toEqual([
    { asked_model: "ab\ufffdc", changes: String.raw`{"dropped":["\u0000"]}` },
  ]);
  const bodies = await readSharedRows(
    url,
    "select name, head, content from bodies join requests using (seq) where id = 'req_1' order by name",
  );
  const texts = bodies.map(({ content }) =>
    content instanceof Uint8Array ? Bun.zstdDecompressSync(content) : null,
  );
  // A message is text: what is none is replaced, in both engines, and it is cut at 1 MB.
  expect(Buffer.from(Buffer.from(large).toString("utf8")).indexOf(texts[0] ?? "")).toBe(0);
  expect(texts[0]?.length).toBeGreaterThan(900_000);
  expect(texts[1]?.toString()).toBe("\0 and \ufffd");
  expect(bodies[1]?.["head"]).toBe(String.raw`{"url":"http://x/\u0000","headers":{"accept":"\ud800"}}`);
  expect(await readSharedRows(url, "select count(*) count from requests")).toEqual([{ count: 81 }]);
  expect(record.recorder.state).toMatchObject({ ...well, lost: 3 });
  expect(record.warnings[0]).toEndWith("| It has values that the record does not take.");
});

test("what waits is on the disk, for its user alone, and is sent by the next process", () =>
  withGate(async (gate, url, behind) => {
    await gate.refuse();
    const spoolFolder = createSpoolFolder();
    {
      await using record = startSharedRecorder({ url: behind, spoolFolder });
      add(record, ...numbered(10));
      await untilAway(record);
      await until(() => record.recorder.state.shared?.spooled === 10);
      const modes = ["", ...listFiles(spoolFolder)].map(
        (name) => statSync(join(spoolFolder, name)).mode & 0o777,
      );
      expect(modes[0]).toBe(0o700);
      expect(new Set(modes.slice(1))).toEqual(new Set([0o600]));
    }
    expect(spooledFiles(spoolFolder)).toHaveLength(1);
    await gate.pass();
    await using next = startSharedRecorder({ url: behind, spoolFolder });
    await until(() => spooledFiles(spoolFolder).length === 0);
    await next.written();
    expect(await readIds(url)).toEqual(numbered(10));
  }));

test("two processes with one state folder leave each other's requests alone", () =>
  withGate(async (gate, url, behind) => {
    await gate.refuse();
    const spoolFolder = createSpoolFolder();
    const one = startSharedRecorder({ url: behind, spoolFolder });
    add(one, ...numbered(10));
    await untilAway(one);
    await using other = startSharedRecorder({ url, spoolFolder, times: { adoptEveryMs: 20 } });
    add(other, ...numbered(10, 10));
    await other.written();
    expect(await readIds(url)).toEqual(numbered(10, 10));
    // The first one ends, and the second has the rest.
    await one[Symbol.asyncDispose]();
    await until(() => spooledFiles(spoolFolder).length === 1);
    await other.written();
    expect(await readIds(url)).toEqual([...numbered(10, 10), ...numbered(10)]);
  }));

test("a file that is damaged or newer is set aside, and nothing is held up", async () => {
  const url = await createDatabase();
  const spoolFolder = createSpoolFolder();
  mkdirSync(spoolFolder, { recursive: true });
  writeFileSync(join(spoolFolder, "1-damaged.sqlite"), "no database ".repeat(500), { mode: 0o600 });
  const newer = new Database(join(spoolFolder, "2-newer.sqlite"));
  newer.run("pragma user_version = 99");
  newer.close(true);
  await using record = startSharedRecorder({ url, spoolFolder });
  add(record, "req_1");
  await record.written();
  await until(() => record.warnings.length === 2);
  expect(record.warnings).toEqual([
    expect.stringMatching(
      /^Requests that waited for the shared record are damaged; they are now in \S+1-damaged\.sqlite\.corrupt-\S+\. \|/,
    ),
    expect.stringMatching(
      /^Requests that waited for the shared record were written by a newer version; they are now in \S+2-newer\.sqlite\.newer-\S+\. \|/,
    ),
  ]);
  expect(await readIds(url)).toEqual(["req_1"]);
});

test("what waits is bounded: messages are left out first, then requests, counted and said", () =>
  withGate(async (gate, url, behind) => {
    await gate.refuse();
    await using record = startSharedRecorder({ url: behind, maxMegabytes: 1 });
    const noise = () => [
      createBody("client-request", [crypto.getRandomValues(new Uint8Array(100_000)).toHex()]),
    ];
    for (let count = 0; count < 12; count += 1) record.recorder.add(createRecorded(), noise());
    await until(() => record.recorder.state.shared?.spooled === 12);
    const { lost } = record.recorder.state;
    expect(lost).toBeGreaterThan(0);
    for (let count = 0; count < 2_000; count += 1)
      record.recorder.add(createRecorded({ errorMessage: "e".repeat(900) }), []);
    await until(() => record.recorder.state.backlog === 0);
    const spooled = record.recorder.state.shared?.spooled ?? 0;
    expect(record.recorder.state.lost).toBe(lost + 2_012 - spooled);
    await gate.pass();
    await record.written();
    const [counts] = await readSharedRows(
      url,
      "select (select count(*) from requests) requests, (select count(*) from bodies) messages",
    );
    expect(counts).toEqual({ requests: spooled, messages: 12 - lost });
  }));

test("a state folder that cannot be written keeps what waits in memory, which is said once", () =>
  withGate(async (gate, url, behind) => {
    const spoolFolder = createSpoolFolder();
    writeFileSync(spoolFolder, "");
    await gate.refuse();
    await using record = startSharedRecorder({ url: behind, spoolFolder });
    add(record, ...numbered(10));
    await until(() => record.recorder.state.shared?.spooled === 10);
    add(record, ...numbered(10, 10));
    await until(() => record.recorder.state.shared?.spooled === 20);
    const said = record.warnings.filter((warning) => warning.startsWith("Requests cannot be kept in "));
    expect(said).toEqual([
      expect.stringContaining(`${spoolFolder} until the shared record has them; they wait in memory. |`),
    ]);
    await gate.pass();
    await record.written();
    expect(await readIds(url)).toEqual(numbered(20));
  }));

test("what comes while requests in memory are sent is sent behind them", () =>
  withGate(async (gate, url, behind) => {
    const spoolFolder = createSpoolFolder();
    writeFileSync(spoolFolder, "");
    await using record = startSharedRecorder({ url: behind, spoolFolder, times: { flushMs: 10 } });
    add(record, "req_first");
    await record.written();
    gate.delay(200);
    for (const id of numbered(20)) {
      add(record, id);
      await Bun.sleep(20);
    }
    await record.written();
    expect(await readIds(url)).toEqual(["req_first", ...numbered(20)]);
    expect(record.recorder.state).toMatchObject(well);
    await gate.pass();
  }));

plainTest.skipIf(whyNoPostgres !== null || whyNoDisk !== null)(
  nameWithDisk("a disk that is full before the spool has a file gets no heap of empty ones"),
  async () => {
    const spoolFolder = createSpoolFolder();
    using _disk = mountDisk(spoolFolder, "size=8k");
    const url = await createDatabase();
    await using record = startSharedRecorder({ url, spoolFolder, times: { flushMs: 10 } });
    for (const id of numbered(5)) {
      add(record, id);
      await record.written();
    }
    expect(await readIds(url)).toEqual(numbered(5));
    expect(listFiles(spoolFolder)).toEqual([]);
  },
);

plainTest.skipIf(whyNoPostgres !== null || whyNoDisk !== null)(
  nameWithDisk("a full disk of the spool costs nothing as long as the database takes it"),
  async () => {
    const url = await createDatabase();
    const spoolFolder = createSpoolFolder();
    using _disk = mountDisk(spoolFolder, "size=200k");
    await using record = startSharedRecorder({ url, spoolFolder });
    const noise = () => [
      createBody("client-request", [crypto.getRandomValues(new Uint8Array(40_000)).toHex()]),
    ];
    for (let count = 0; count < 20; count += 1) record.recorder.add(createRecorded(), noise());
    await record.written();
    expect(await countTwice(url)).toEqual(twice(20));
    expect(record.recorder.state.lost).toBe(0);
  },
);

test("what is older than RECORD_DAYS goes, by one instance at a time", async () => {
  const url = await createDatabase();
  const dayMs = 24 * 3_600_000;
  const times = { firstPruneMs: 50, pruneEveryMs: 50 };
  await using one = startSharedRecorder({ url, keepDays: 2, times });
  await using other = startSharedRecorder({ url, keepDays: 2, times });
  const ages = [3, 2.5, 1, 0];
  for (const [at, { recorder }] of [one, other].entries()) {
    for (const age of ages) {
      const requestId = `req_${at}_${age}`;
      recorder.add(createRecorded({ requestId, timeMs: Date.now() - age * dayMs }), [
        createBody("client-request", ["x"]),
      ]);
    }
  }
  await Promise.all([one.written(), other.written()]);
  const left = async () => await readSharedRows(url, "select id from requests order by id");
  for (const endMs = performance.now() + 5_000; (await left()).length > 4 && performance.now() < endMs; )
    await Bun.sleep(20);
  expect(await left()).toEqual(["req_0_0", "req_0_1", "req_1_0", "req_1_1"].map((id) => ({ id })));
  expect(await readSharedRows(url, "select count(*) count from bodies")).toEqual([{ count: 4 }]);
});

test("an instance whose clock is a year ahead takes out nothing that the others keep", async () => {
  const url = await createDatabase();
  await using record = startSharedRecorder({ url });
  const nowMs = Date.now();
  for (const [requestId, ageDays] of [["req_old", 20] as const, ["req_new", 0] as const])
    record.recorder.add(createRecorded({ requestId, timeMs: nowMs - ageDays * 24 * 3_600_000 }), []);
  await record.written();
  setSystemTime(nowMs + 365 * 24 * 3_600_000);
  const place = {
    kind: "shared" as const,
    url: sharedUrl(url),
    spoolFolder: createSpoolFolder(),
    instance: "ins_ahead",
  };
  const times = { ...usualTimes, firstPruneMs: 1 };
  const start = { kind: "start" as const, place, keepDays: 14, maxMegabytes: 1, secrets: [], times };
  const sink = createSharedSink(
    place,
    start,
    () => undefined,
    () => undefined,
  );
  for (
    const endMs = performance.now() + 5_000;
    (await readIds(url)).length > 1 && performance.now() < endMs;
  )
    await Bun.sleep(20);
  setSystemTime();
  await sink.close();
  expect(await readIds(url)).toEqual(["req_new"]);
});

test("what a request adds to a counter is counted once, however often it is sent", () =>
  withGate(async (gate, url, behind) => {
    await using record = startSharedRecorder({ url: behind });
    const charge = { client: "", period: "day", start: "2026-11-30", picousd: "1000000000001" } as const;
    record.recorder.add(createRecorded(), [], [], [charge, { ...charge, client: "laptop" }]);
    await record.written();
    const cut = gate.cutAt("insert into proxy_requests", "answer");
    record.recorder.add(createRecorded(), [], [], [charge]);
    record.recorder.add(createRecorded(), []);
    await cut;
    await record.written();
    expect(
      await server.query("select client, spent_picousd::text spent from proxy_spending order by client", url),
    ).toEqual([
      { client: "", spent: "2000000000002" },
      { client: "laptop", spent: "1000000000001" },
    ]);
  }));
