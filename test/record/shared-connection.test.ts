import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { migrate } from "../../src/postgres/migrate.ts";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import type { Postgres } from "../../src/postgres/postgres.ts";
import { openRecordReader } from "../../src/record/open-record-reader.ts";
import { createSharedConnection } from "../../src/record/postgres/create-shared-connection.ts";
import { postgresDialect } from "../../src/record/postgres/postgres-dialect.ts";
import { everyRequest } from "../../src/record/record-filter.ts";
import { selectRecordPlace } from "../../src/record/record-place.ts";
import type { RecordReader } from "../../src/record/record-reader.ts";
import { nameWithPostgres, sharePostgres, whyNoPostgres } from "../support/postgres.ts";
import { addSharedRows, recordedRequest } from "../support/record-rows.ts";

describe.skipIf(whyNoPostgres !== null)(nameWithPostgres("a shared record"), () => {
  let url: string;
  let postgres: Postgres;
  let reader: RecordReader;

  beforeAll(async () => {
    url = await (await sharePostgres()).createDatabase("shared_connection");
    postgres = openPostgres({ url, name: "test", connections: 3, timeoutMs: 10_000 });
    await migrate(postgres);
    reader = openRecordReader(selectRecordPlace(url, ""));
  });

  afterAll(async () => {
    await reader.close();
    await postgres.close();
  });

  /** As a proxy writes a request that has just ended. */
  const write = (requestId: string, timeMs = Date.now(), database: Pick<Postgres, "query"> = postgres) =>
    addSharedRows(database, [[recordedRequest({ requestId, timeMs }), []]]);
  const follow = async (afterSeq: number) =>
    await reader.list({ filter: everyRequest, limit: 100, before: null, afterSeq });
  const idsAfter = async (afterSeq: number) => (await follow(afterSeq)).map(({ requestId }) => requestId);
  const listIds = async (isFollowed: boolean) => {
    const page = { filter: everyRequest, limit: 100, before: null, afterSeq: null, isFollowed };
    return (await reader.list(page)).map(({ requestId }) => requestId);
  };

  test("who follows it passes over nothing that is committed later under a smaller number", async () => {
    const first = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const slow = postgres.transaction(async (query) => {
      await write("req_slow", Date.now(), { query });
      held.resolve();
      await first.promise;
    });
    await held.promise;
    await write("req_fast");
    // What ended long ago is not held back by a transaction that may be anybody's.
    await write("req_long_ago", Date.now() - 120_000);
    expect(await idsAfter(0)).toEqual(["req_long_ago"]);
    expect(await listIds(true)).toEqual(["req_long_ago"]);
    expect((await listIds(false)).toSorted()).toEqual(["req_fast", "req_long_ago"]);
    first.resolve();
    await slow;
    expect(await idsAfter(0)).toEqual(["req_slow", "req_fast", "req_long_ago"]);
    const [seq = 0] = (await follow(0)).map((request) => request.seq);
    expect(await idsAfter(seq)).toEqual(["req_fast", "req_long_ago"]);
  });

  test("a question that takes too long is ended by the server, and said in two lines", async () => {
    const connection = createSharedConnection(url, { questionMs: 50 });
    const asked = connection.use(({ all }) => all("select pg_sleep(20)"));
    await expect(asked).rejects.toMatchObject({
      name: "RecordReadError",
      message: expect.stringMatching(
        /^The database 127\.0\.0\.1:\d+\/shared_connection had no answer after 0\.05 seconds\.\nNarrow it down/,
      ),
    });
    const running = await postgres.query(
      "select 1 from pg_stat_activity where query like '%pg_sleep(20)%' and pid <> pg_backend_pid() and state = 'active'",
    );
    expect(running).toEqual([]);
    // The connection is of use all the same.
    expect(await connection.use(({ all }) => all("select 1 as one"))).toEqual([{ one: 1 }]);
    await connection.close();
  });

  test("a reader can change nothing", async () => {
    const connection = createSharedConnection(url);
    await expect(connection.use(({ all }) => all("delete from proxy_requests"))).rejects.toThrow(
      "may only be read",
    );
    await connection.close();
  });

  test("it is there again after the database was away", async () => {
    const server = await sharePostgres();
    await write("req_before");
    expect((await reader.find("req_before"))?.request.requestId).toBe("req_before");
    await server.stop("fast");
    await expect(reader.find("req_before")).rejects.toMatchObject({ name: "RecordReadError" });
    await server.start();
    expect((await reader.find("req_before"))?.request.requestId).toBe("req_before");
  });

  test("what a sum reads is in an index, as in a file", async () => {
    const { isMessage, isUnknownCost } = postgresDialect;
    await postgres.query("vacuum proxy_requests");
    const plan = await postgres.transaction(async (query) => {
      // Of a few rows the planner reads the table.
      await query("set local enable_seqscan = off; set local enable_bitmapscan = off");
      return await query(
        `explain select count(*) filter (where ${isUnknownCost}), sum(cost_picousd), max(first_byte_ms), max(error_type),
          max(session), max(client), max(model), max(upstream), max(kind) from proxy_requests
          where time >= 1 and ${isMessage}`,
      );
    });
    expect(plan.map((row) => row["QUERY PLAN"]).join("\n")).toContain(
      "Index Only Scan using proxy_requests_to_sum",
    );
  });
});
