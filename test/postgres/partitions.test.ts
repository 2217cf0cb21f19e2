import { expect, test } from "bun:test";
import { join } from "node:path";
import { migrate } from "../../src/postgres/migrate.ts";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import { parseFilter } from "../../src/record/filter/parse-filter.ts";
import { openRecordReader } from "../../src/record/open-record-reader.ts";
import { pruneRequests } from "../../src/record/postgres/prune-requests.ts";
import { selectRecordPlace } from "../../src/record/record-place.ts";
import { createBody, createRecorded } from "../record/recorded.ts";
import { startSharedRecorder } from "../record/shared-recorder.ts";
import { nameWithPostgres, sharePostgres, whyNoPostgres } from "../support/postgres.ts";

/** The statements as they are printed for whoever runs the database: into months, and a month less. */
async function readPrinted(): Promise<{ divide: string; remove: string }> {
  const text = await Bun.file(join(import.meta.dir, "../../docs/operations.md")).text();
  const [divide = "", remove = ""] = [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map((block) => block[1]);
  return { divide, remove };
}

const dayMs = 86_400_000;
/** The middle of a month, that many after this one. */
const monthMs = (after: number) =>
  Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + after, 15, 12);
const nameMonth = (ms: number) =>
  `proxy_requests_${new Date(ms).toISOString().slice(0, 7).replace("-", "_")}`;

async function startDivided(name: string) {
  const server = await sharePostgres();
  const url = await server.createDatabase(name);
  const postgres = openPostgres({ url, name: "test", connections: 1, timeoutMs: 20_000 });
  await migrate(postgres);
  const printed = await readPrinted();
  const write = async (requests: readonly { requestId: string; timeMs: number; sessionId?: string }[]) => {
    await using shared = startSharedRecorder({ url, keepDays: 3650 });
    for (const request of requests) {
      shared.recorder.add(createRecorded(request), [
        createBody("client-request", [`asked by ${request.requestId}`]),
      ]);
    }
    await shared.written();
    expect({ lost: shared.recorder.state.lost, fault: shared.recorder.state.fault }).toEqual({
      lost: 0,
      fault: null,
    });
  };
  const read = async () => {
    const reader = openRecordReader(selectRecordPlace(url, ""));
    const parsed = parseFilter("");
    if ("fault" in parsed) throw new Error(parsed.fault);
    const { filter } = parsed;
    const list = await reader.list({ filter, limit: 100, before: null, afterSeq: null });
    const days = await reader.sum({ by: "day", filter });
    const found = await reader.find("req_1");
    await reader.close();
    return {
      ids: list.map(({ requestId }) => requestId),
      days: days.map(({ key, requests }) => [key, requests]),
      text: found?.bodies.map(({ text }) => text),
    };
  };
  return {
    postgres,
    run: (text: keyof typeof printed) => server.query(printed[text], url),
    write,
    read,
    async countIn(table: string) {
      return (await postgres.query(`select count(*) as rows from ${table}`))[0]?.["rows"];
    },
    [Symbol.asyncDispose]: () => postgres.close(),
  };
}

const testPostgres = (name: string, work: () => Promise<void>) =>
  test.skipIf(whyNoPostgres !== null)(nameWithPostgres(name), work);

testPostgres("a record that was divided into months goes on as it was", async () => {
  await using record = await startDivided("partitions_months");
  const now = { requestId: "req_1", timeMs: Date.now() - 1000, sessionId: "s" };
  await record.write([now, { requestId: "req_2", timeMs: Date.now() }]);
  const before = await record.read();
  expect(before.ids).toEqual(["req_2", "req_1"]);

  await record.run("divide");
  expect(await record.read()).toEqual(before);
  // Of what is sent twice one is kept; months of their own have what comes later, and the rest is not lost either.
  const later = [1, 11, 40].map((after) => ({ requestId: `later_${after}`, timeMs: monthMs(after) }));
  await record.write([now, ...later]);
  expect((await record.read()).ids).toEqual(["later_40", "later_11", "later_1", "req_2", "req_1"]);
  expect((await record.read()).text).toEqual(["asked by req_1"]);
  const tables = [
    "proxy_requests_before",
    nameMonth(monthMs(1)),
    nameMonth(monthMs(11)),
    "proxy_requests_rest",
  ];
  expect(await Promise.all(tables.map((table) => record.countIn(table)))).toEqual([2, 1, 1, 1]);
  const order = await record.postgres.query("select id from proxy_requests order by seq");
  expect(order.map(({ id }) => id)).toEqual(["req_1", "req_2", "later_1", "later_11", "later_40"]);
});

testPostgres("a day of a divided record is read from its month alone", async () => {
  await using record = await startDivided("partitions_plan");
  await record.run("divide");
  const plan = await record.postgres.query(
    "explain select count(*) from proxy_requests where time >= $1::int8 and time < $2::int8",
    [monthMs(1), monthMs(1) + dayMs],
  );
  const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
  expect([...new Set(text.match(/\bon (proxy_\w+)/g))]).toEqual([`on ${nameMonth(monthMs(1))}`]);
});

testPostgres(
  "a month of a divided record goes with its messages, and the program still takes out what is old",
  async () => {
    await using record = await startDivided("partitions_less");
    await record.write([{ requestId: "old", timeMs: Date.now() }]);
    await record.run("divide");
    await record.write([{ requestId: "req_1", timeMs: monthMs(1) }]);
    await record.run("remove");
    expect(await record.read()).toMatchObject({ ids: ["req_1"], text: ["asked by req_1"] });
    expect(await record.countIn("proxy_bodies")).toBe(1);
    await pruneRequests(record.postgres.query, Date.now() - monthMs(2));
    expect([await record.countIn("proxy_requests"), await record.countIn("proxy_bodies")]).toEqual([0, 0]);
  },
);
