import { afterAll, beforeAll, expect, test as plainTest } from "bun:test";
import { join } from "node:path";
import { describePostgresFault } from "../../src/postgres/describe-postgres-fault.ts";
import { checkVersion, migrate } from "../../src/postgres/migrate.ts";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import { describePlace, parsePlace } from "../../src/postgres/parse-place.ts";
import type { Postgres } from "../../src/postgres/postgres.ts";
import { PostgresError } from "../../src/postgres/postgres-error.ts";
import {
  nameWithPostgres,
  postgresPassword,
  sharePostgres,
  startPostgres,
  whyNoPostgres,
} from "../support/postgres.ts";
import { startPostgresGate } from "../support/postgres-gate.ts";

const test = (name: string, work: () => Promise<void>) =>
  plainTest.skipIf(whyNoPostgres !== null)(nameWithPostgres(name), work);

const opened: Postgres[] = [];
let url: string;
let databases = 0;

beforeAll(async () => {
  if (whyNoPostgres === null) url = await createDatabase();
});

afterAll(async () => {
  await Promise.all(opened.map((postgres) => postgres.close()));
});

async function createDatabase(): Promise<string> {
  databases += 1;
  return (await sharePostgres()).createDatabase(`postgres_floor_${databases}`);
}

function open(address = url, { connections = 1, timeoutMs = 5_000 } = {}): Postgres {
  const postgres = openPostgres({ url: address, name: "claude-proxy test", connections, timeoutMs });
  opened.push(postgres);
  return postgres;
}

/** What it rejects with: its kind, and what users are told. */
async function findFault(asked: Promise<unknown>, place = "db:5432/x"): Promise<[string, string]> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof PostgresError) return [error.kind, describePostgresFault(error, place)];
    throw error;
  }
  throw new Error("it did not reject");
}

test("values go in and come out as they are, and int8 as a number", async () => {
  const { query } = open();
  const bytes = new Uint8Array([0, 1, 255]);
  const rows = await query(
    "select $1::text a, $2::int8 b, $3::float8 c, $4::bytea d, $5::text e, $6::text::jsonb f, count(*) g",
    ["ä", 9_007_199_254_740_991, 1.5, bytes, null, '{"a":[1]}'],
  );
  expect(rows.map(({ d, ...row }) => row)).toEqual([
    { a: "ä", b: 9_007_199_254_740_991, c: 1.5, e: null, f: { a: [1] }, g: 1 },
  ]);
  expect(rows[0]?.["d"]).toEqual(Buffer.from(bytes));
});

test("a statement past its limit rejects, ends at the server, and the next one works", async () => {
  const { query } = open();
  const [kind, words] = await findFault(query("select pg_sleep(60)", [], { timeoutMs: 100 }));
  expect([kind, words]).toEqual([
    "away",
    "The database db:5432/x does not answer: no answer within 100 ms. Look whether it runs and can be reached.",
  ]);
  const asleep =
    "select count(*) n from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'";
  for (const endMs = performance.now() + 5_000; ; await Bun.sleep(10)) {
    const [row] = await query(asleep);
    if (row?.["n"] === 0) break;
    expect(performance.now()).toBeLessThan(endMs);
  }
});

test("a connection that was forgotten on its way is not used again", async () => {
  const { port } = await sharePostgres();
  await using gate = await startPostgresGate(port);
  const { query } = open(gate.urlOf(url));
  expect(await query("select 1 as one")).toEqual([{ one: 1 }]);
  gate.forget();
  expect((await findFault(query("select 2 as two", [], { timeoutMs: 200 })))[0]).toBe("away");
  expect(await query("select 3 as three")).toEqual([{ three: 3 }]);
});

test("what waits for a free connection is in time, or rejects", async () => {
  const { query } = open();
  const slow = query("select pg_sleep(0.3)");
  expect(await findFault(query("select 1", [], { timeoutMs: 50 }))).toEqual([
    "away",
    expect.stringContaining("all 1 connections are in use"),
  ]);
  const next = query("select 1 as one");
  await slow;
  expect(await next).toEqual([{ one: 1 }]);
});

test("a transaction is whole or not at all, also when its connection is cut", async () => {
  const server = await sharePostgres();
  await using gate = await startPostgresGate(server.port);
  const { query } = open();
  await query("create table things (name text)");
  const behind = open(`${gate.urlOf(url)}?sslmode=disable`);
  await behind.transaction(async (within) => {
    await within("insert into things values ('kept')");
  });
  const broken = behind.transaction(async (within) => {
    await within("insert into things values ('cut')");
    gate.cut();
    await within("insert into things values ('cut')");
  });
  expect((await findFault(broken))[0]).toBe("away");
  const thrown = behind.transaction(async (within) => {
    await within("insert into things values ('thrown')");
    throw new PostgresError("other", "canary");
  });
  expect((await findFault(thrown))[0]).toBe("other");
  expect(await behind.query("select name from things")).toEqual([{ name: "kept" }]);
});

test("faults are named by what follows from them, and never with the password", async () => {
  const { query } = open();
  await query("create table single (name text primary key)");
  await query("insert into single values ('one')");
  const kinds = [
    await findFault(query("insert into single values ('one')")),
    await findFault(query("select $1::text", ["\0"])),
    await findFault(query("select nothing")),
    await findFault(open(url.replace(postgresPassword, "canary-wrong")).query("select 1")),
    await findFault(open(`${url}_not`).query("select 1")),
    await findFault(open("postgres://canary:canary-0123456789@127.0.0.1:1/x").query("select 1")),
    await findFault(open("nonsense canary-0123456789").query("select 1")),
    await findFault(open(`${url}?sslmode=verify-full`).query("select 1")),
    await findFault(open(`${url}?sslmode=verify-full&sslrootcert=/no/such.pem`).query("select 1")),
  ];
  expect(kinds.map(([kind]) => kind)).toEqual([
    "content",
    "content",
    "other",
    "denied",
    "denied",
    "away",
    "denied",
    "tls",
    "tls",
  ]);
  const words = JSON.stringify(kinds);
  for (const secret of [postgresPassword, "canary-wrong", "canary-0123456789"])
    expect(words).not.toContain(secret);
});

test("TLS is as the URL says", async () => {
  const authority = join(import.meta.dir, "../fixtures/certificates/authority.pem");
  const isSafe = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
  for (const [mode, ssl] of [
    ["disable", false],
    ["prefer", true],
    ["require", true],
    ["verify-ca", true],
    ["verify-full", true],
  ] as const) {
    const query = mode.startsWith("verify") ? `${mode}&sslrootcert=${authority}` : mode;
    expect([mode, await open(`${url}?sslmode=${query}`).query(isSafe)]).toEqual([mode, [{ ssl }]]);
  }
  await using wrong = await startPostgres({ certificate: "wrong-host" });
  const verify = (mode: string) =>
    open(`${wrong.url}?sslmode=${mode}&sslrootcert=${authority}`).query("select 1");
  expect((await findFault(verify("verify-full")))[0]).toBe("tls");
  expect(await verify("verify-ca")).toHaveLength(1);
  await using plain = await startPostgres({ certificate: null });
  expect((await findFault(open(`${plain.url}?sslmode=require`).query("select 1")))[0]).toBe("tls");
  expect(await open(`${plain.url}?sslmode=prefer`).query("select 1 as one")).toEqual([{ one: 1 }]);
});

test("five instances that begin at once make the tables once", async () => {
  const fresh = await createDatabase();
  const all = Array.from({ length: 5 }, () => open(fresh));
  const [first] = all;
  if (first === undefined) throw new Error("there are five");
  expect(await checkVersion(first)).toBe("missing");
  await Promise.all(all.map((postgres) => migrate(postgres)));
  expect(await first.query("select count(*) n, max(version) version from claude_proxy_version")).toEqual([
    { n: 1, version: 1 },
  ]);
  expect(await checkVersion(first)).toBe("usable");
});

test("a program works beside tables of the next version, and refuses those of the one after", async () => {
  const postgres = open(await createDatabase());
  const steps = ["create table proxy_one ()", "create table proxy_two ()", "create table proxy_three ()"];
  await migrate(postgres, steps.slice(0, 1));
  await migrate(postgres, steps.slice(0, 2));
  expect(await checkVersion(postgres, steps)).toBe("older");
  expect(await checkVersion(postgres, steps.slice(0, 1))).toBe("usable");
  await migrate(postgres, steps.slice(0, 1));
  await migrate(postgres, steps);
  for (const use of [migrate, checkVersion]) {
    expect(await findFault(use(postgres, steps.slice(0, 1)))).toEqual([
      "newer",
      "The database db:5432/x cannot be used: its tables have version 3, and this program knows 1. Update the program.",
    ]);
  }
});

test("a step that fails leaves nothing of itself", async () => {
  const postgres = open(await createDatabase());
  await findFault(migrate(postgres, ["create table proxy_one (); select nothing"]));
  expect(await postgres.query("select to_regclass('proxy_one')::text as found")).toEqual([{ found: null }]);
  expect(await checkVersion(postgres)).toBe("missing");
});

plainTest.each([
  ["postgres://user:p%40ss@host/base", "host:5432/base", "p@ss"],
  ["postgresql://user:p%ss@[::1]:6000/base?sslmode=require", "[::1]:6000/base", "p%ss"],
  ["postgres://user:secret@/base?host=/run/postgresql", "/run/postgresql/base", "secret"],
  ["postgres://user@host", "host:5432/user", ""],
])("%s is a place", (text, place, password) => {
  expect([describePlace(text), parsePlace(text).password]).toEqual([place, password]);
});
