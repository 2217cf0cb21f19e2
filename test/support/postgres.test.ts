import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQL } from "bun";
import {
  nameWithPostgres,
  type Postgres,
  postgresPassword,
  sharePostgres,
  startPostgres,
  whyNoPostgres,
} from "./postgres.ts";
import { startPostgresGate } from "./postgres-gate.ts";
import { soonMs } from "./soon-ms.ts";

const withPostgres = (name: string, play: (postgres: Postgres) => Promise<void>) =>
  test.skipIf(whyNoPostgres !== null)(nameWithPostgres(name), async () => play(await sharePostgres()));

/** What a query that fails fails with: Bun's code, and the server's where it sent one. */
const failureOf = async (query: Promise<unknown>) => {
  try {
    await query;
    return null;
  } catch (error) {
    if (!(error instanceof SQL.PostgresError)) throw error;
    return error.errno ?? error.code;
  }
};

const until = async (isSo: () => boolean | Promise<boolean>) => {
  const deadline = performance.now() + soonMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error("it has not happened");
    await Bun.sleep(10);
  }
};

withPostgres("it has UTF-8, the order of bytes, and asks for a password", async (postgres) => {
  const url = await postgres.createDatabase("support_start");
  expect(await postgres.query("show server_encoding", url)).toEqual([{ server_encoding: "UTF8" }]);
  expect(await postgres.query("select 'ä' > 'z' as by_bytes, 'a' > 'B' as by_case", url)).toEqual([
    { by_bytes: true, by_case: true },
  ]);
  expect(await postgres.query("select 1 as one; select 2 as two", url)).toEqual([{ two: 2 }]);
  const wrong = url.replace("canary-postgres", "other");
  expect(await failureOf(postgres.query("select 1", wrong))).toBe("28P01");
});

withPostgres(
  "a database that is made again is empty, though somebody is connected to it",
  async (postgres) => {
    const url = await postgres.createDatabase("support_again");
    await using sql = new SQL(url);
    await sql`create table kept (id int)`;
    expect(await postgres.createDatabase("support_again")).toBe(url);
    expect(await failureOf(postgres.query("select * from kept", url))).toBe("42P01");
  },
);

withPostgres("it takes TLS connections, with the certificate of the fixtures", async (postgres) => {
  const ca = Bun.file(join(import.meta.dir, "../fixtures/certificates/authority.pem"));
  await using sql = new SQL(postgres.url, { tls: { ca } });
  expect([...(await sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`)]).toEqual([{ ssl: true }]);
});

withPostgres("a server for one test has its own settings, and leaves nothing behind", async (postgres) => {
  const own = await startPostgres({ certificate: null, settings: { max_connections: "7" } });
  expect(own.folder).not.toBe(postgres.folder);
  expect(await own.query("show max_connections")).toEqual([{ max_connections: "7" }]);
  await using sql = new SQL(own.url, { tls: "require" });
  expect(await failureOf(sql`select 1`)).toBe("ERR_POSTGRES_TLS_NOT_AVAILABLE");
  const pid = own.pid();
  await own[Symbol.asyncDispose]();
  expect(pid === null || isRunning(pid)).toBe(false);
  expect(existsSync(own.folder)).toBe(false);
});

withPostgres("the password stands where it belongs and nowhere else", async (postgres) => {
  expect(postgres.url).toContain(`:${postgresPassword}@`);
  expect(postgres.log()).not.toContain(postgresPassword);
  expect(readFileSync(`/proc/${postgres.pid()}/cmdline`, "utf8")).not.toContain(postgresPassword);
  expect(readFileSync(`/proc/${postgres.pid()}/environ`, "utf8")).not.toContain(postgresPassword);
});

withPostgres("however it ends, it comes back at its port with what was committed", async (postgres) => {
  const url = await postgres.createDatabase("support_restart");
  await postgres.query("create table kept (how text)", url);
  const { port } = postgres;
  const ends = {
    fast: () => postgres.stop("fast"),
    immediate: () => postgres.stop("immediate"),
    killed: () => postgres.kill9(),
  };
  for (const [how, end] of Object.entries(ends)) {
    await postgres.query(`insert into kept values ('${how}')`, url);
    await end();
    expect(postgres.pid()).toBeNull();
    expect(await failureOf(postgres.query("select 1", url))).toBe("ERR_POSTGRES_CONNECTION_REFUSED");
    await postgres.start();
  }
  expect(postgres.port).toBe(port);
  expect(await postgres.query("select how from kept", url)).toEqual([
    { how: "fast" },
    { how: "immediate" },
    { how: "killed" },
  ]);
});

/** A test of this folder, in a process of its own. */
const writeTest = (folder: string, name: string, body: string) => {
  const module = JSON.stringify(join(import.meta.dir, "postgres.ts"));
  writeFileSync(
    join(folder, `${name}.test.ts`),
    `import { test } from "bun:test";
     import { sharePostgres } from ${module};
     test("${name}", async () => {
       const postgres = await sharePostgres();
       await postgres.createDatabase("${name}");
       console.log("STARTED", postgres.pid(), postgres.folder);
       ${body}
     });`,
  );
};

/** Runs the tests of the folder and gives which servers they had: process and folder. */
const runTests = async (folder: string, isDone: (servers: [number, string][]) => boolean) => {
  const run = Bun.spawn([process.execPath, "test", "--no-env-file"], {
    cwd: folder,
    stdout: "pipe",
    stderr: "ignore",
  });
  const servers: [number, string][] = [];
  let output = "";
  const decoder = new TextDecoder();
  for await (const bytes of run.stdout) {
    output += decoder.decode(bytes, { stream: true });
    servers.splice(0);
    for (const [, pid, path = ""] of output.matchAll(/^STARTED (\d+) (\S+)$/gm))
      servers.push([Number(pid), path]);
    if (isDone(servers)) run.kill("SIGKILL");
  }
  await run.exited;
  return servers;
};

/** A process that has ended keeps its number for a while, but not its memory. */
const isRunning = (pid: number) =>
  existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";

for (const [how, body, isDone] of [
  ["ends", "", () => false],
  ["is killed", "await new Promise(() => {});", (servers: unknown[]) => servers.length > 0],
] as const) {
  withPostgres(`the test files of a process share one; when the process ${how}, it ends`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "claude-proxy-postgres-test-"));
    try {
      writeTest(folder, "one", body);
      writeTest(folder, "two", "");
      const servers = await runTests(folder, isDone);
      const [first] = servers;
      if (first === undefined) throw new Error("no server was started");
      expect(new Set(servers.map(String)).size).toBe(1);
      expect(servers.length).toBe(how === "ends" ? 2 : 1);
      await until(() => !isRunning(first[0]) && !existsSync(first[1]));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

const withGate = (
  name: string,
  play: (parts: {
    postgres: Postgres;
    gate: Awaited<ReturnType<typeof startPostgresGate>>;
    url: string;
    sql: SQL;
  }) => Promise<void>,
) =>
  withPostgres(name, async (postgres) => {
    const url = await postgres.createDatabase("support_gate");
    await postgres.query("create table noted (what text)", url);
    await using gate = await startPostgresGate(postgres.port);
    const sql = new SQL(gate.urlOf(url), { max: 1 });
    await play({ postgres, gate, url, sql });
    await sql.close({ timeout: 0 });
  });

for (const [inPlaceOf, kept] of [
  ["answer", [{ what: "kept?" }]],
  ["query", []],
] as const) {
  withGate(
    `a connection cut in place of the ${inPlaceOf} of a COMMIT`,
    async ({ postgres, gate, url, sql }) => {
      const cut = gate.cutAt("COMMIT", inPlaceOf);
      const failure = failureOf(sql.begin((tx) => tx`insert into noted values ('kept?')`));
      await cut;
      expect(await failure).toBe("ERR_POSTGRES_CONNECTION_CLOSED");
      expect(await postgres.query("select * from noted", url)).toEqual([...kept]);
      // Once only.
      await sql.begin((tx) => tx`insert into noted values ('second')`);
      expect(await postgres.query("select * from noted", url)).toEqual([...kept, { what: "second" }]);
    },
  );
}

withGate("a text is found in two pieces of the bytes", async ({ gate }) => {
  const cut = gate.cutAt("needle", "query");
  const closed = Promise.withResolvers<void>();
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port: gate.port,
    socket: { data: () => {}, close: () => closed.resolve() },
  });
  // The length of a first message of which more is to come.
  socket.write("\0\0\0\x40nee");
  await Bun.sleep(50);
  socket.write("dle");
  await Promise.all([cut, closed.promise]);
  expect(gate.open()).toBe(0);
});

withGate("each way to the server takes its time", async ({ gate, sql }) => {
  await sql`select 1`;
  gate.delay(150);
  const startedAtMs = performance.now();
  await sql`select 1`;
  expect(performance.now() - startedAtMs).toBeWithin(145, soonMs);
});

withGate("what is held goes on when it may pass again", async ({ gate, url, sql }) => {
  await sql`select 1`;
  gate.stall();
  const held = sql`select 2 as two`.execute();
  await using other = new SQL(gate.urlOf(url));
  const fresh = other`select 3 as three`.execute();
  const soon = Bun.sleep(100).then(() => "nothing");
  expect(await Promise.race([held, fresh, soon])).toBe("nothing");
  await gate.pass();
  expect([...(await held)]).toEqual([{ two: 2 }]);
  expect([...(await fresh)]).toEqual([{ three: 3 }]);
});

withGate("all are cut, refused, and taken again", async ({ postgres, gate, sql }) => {
  const sleeping = failureOf(sql`select pg_sleep(60)`.execute());
  await until(
    async () =>
      (await postgres.query("select from pg_stat_activity where query like '%sleep(60)'")).length > 0,
  );
  gate.cut();
  expect(await sleeping).toBe("ERR_POSTGRES_CONNECTION_CLOSED");
  expect(gate.open()).toBe(0);
  await gate.refuse();
  expect(await failureOf(sql`select 1`)).toBe("ERR_POSTGRES_CONNECTION_REFUSED");
  await gate.pass();
  expect([...(await sql`select 1 as one`)]).toEqual([{ one: 1 }]);
  expect(gate.taken()).toBe(2);
});
