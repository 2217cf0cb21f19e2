import { expect, test as plainTest } from "bun:test";
import { migrate } from "../../src/postgres/migrate.ts";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import { nameWithPostgres, sharePostgres, whyNoPostgres } from "../support/postgres.ts";
import { startPostgresGate } from "../support/postgres-gate.ts";

const test = (name: string, work: () => Promise<void>, timeoutMs?: number) =>
  plainTest.skipIf(whyNoPostgres !== null)(nameWithPostgres(name), work, timeoutMs);

function open(url: string) {
  const postgres = openPostgres({ url, name: "test", connections: 1, timeoutMs: 10_000 });
  return { ...postgres, [Symbol.asyncDispose]: () => postgres.close() };
}

test("a connection to a server that may only be read is not used again: another may be written", async () => {
  const server = await sharePostgres();
  const url = await server.createDatabase("only_read");
  await server.query("alter database only_read set default_transaction_read_only = on");
  await using postgres = open(url);
  const make = () => postgres.query("create table made (x int)");
  const fault = { name: "PostgresError", kind: "denied", sqlState: "25006" };
  await expect(make()).rejects.toMatchObject(fault);
  await expect(postgres.transaction((query) => query("create table made (x int)"))).rejects.toMatchObject(
    fault,
  );
  await server.query("alter database only_read reset default_transaction_read_only");
  await make();
  expect(await postgres.query("select count(*)::int4 as n from made")).toEqual([{ n: 0 }]);
});

test("a program that vanishes while it makes the tables keeps the others waiting for seconds only", async () => {
  const server = await sharePostgres();
  const url = await server.createDatabase("vanished");
  await using gate = await startPostgresGate(server.port);
  await using gone = open(gate.urlOf(url));
  const slow = ["create table one (x int); select pg_sleep(0.5)", "create table two (x int)"];
  const vanished = migrate(gone, slow).catch(() => undefined);
  for (;;) {
    const [running] = await server.query(
      "select count(*)::int4 as n from pg_stat_activity where query like '%pg_sleep(0.5)%' and state = 'active' and pid <> pg_backend_pid()",
    );
    if (running?.["n"] === 1) break;
    await Bun.sleep(10);
  }
  gate.stall();
  await using next = open(url);
  await migrate(next, slow);
  expect(await next.query("select version from claude_proxy_version")).toEqual([{ version: 2 }]);
  await gate.pass();
  await vanished;
}, 20_000);
