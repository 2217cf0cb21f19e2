import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { migrate } from "../../src/postgres/migrate.ts";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import type { RecordedBody, RecordedRequest } from "../../src/record/recorded-request.ts";
import {
  nameWithPostgres,
  type Postgres,
  postgresPassword,
  postgresUser,
  sharePostgres,
  whyNoPostgres,
} from "../support/postgres.ts";
import { startPostgresGate } from "../support/postgres-gate.ts";
import { addSharedRows, openRecordRows, recordedRequest } from "../support/record-rows.ts";
import { runProgramIn } from "./run-program-in.ts";

const skip = whyNoPostgres !== null;

let server: Postgres;
let url: string;
/** The home of a user whose record is a file, and that of one who has the address of the shared one. */
let fileHome: string;
let laptopHome: string;

const noon = new Date().setHours(0, 0, 1, 0);
const body = (name: RecordedBody["name"], text: string): RecordedBody => ({
  name,
  send: 0,
  head: null,
  text,
  bytes: text.length,
  isCut: false,
});
const requests: readonly [Partial<RecordedRequest>, readonly RecordedBody[]][] = [
  [
    { requestId: "req_aa01", sessionId: "s1", client: "web", timeMs: noon, cacheReadTokens: 9000 },
    [body("client-request", '{"model":"claude-opus-5","messages":[{"role":"user","content":"hello"}]}')],
  ],
  [
    {
      requestId: "req_bb02",
      sessionId: "s2",
      timeMs: noon + 1000,
      status: 529,
      errorType: "overloaded_error",
      errorMessage: "Too much.",
      costUsd: null,
      outputTokens: null,
      changes: { dropped: ["top_k"], repairs: [], warnings: [] },
      attempts: [{ upstream: "openrouter", model: "x", key: 2, status: 529, error: null, ms: 1.5 }],
    },
    [],
  ],
  [{ requestId: "req_cc03", timeMs: noon - 86_400_000, model: "qwen/qwen4", firstByteMs: null }, []],
];

beforeAll(async () => {
  if (skip) return;
  server = await sharePostgres();
  url = await server.createDatabase("cli_shared_record");
  fileHome = mkdtempSync(join(tmpdir(), "file-home-"));
  laptopHome = mkdtempSync(join(tmpdir(), "laptop-home-"));
  const rows = requests.map(([members, bodies]) => [recordedRequest(members), bodies] as const);
  const postgres = openPostgres({ url, name: "test", connections: 1, timeoutMs: 10_000 });
  await migrate(postgres);
  await addSharedRows(postgres, rows);
  await postgres.close();
  using file = openRecordRows(join(fileHome, ".local/state/claude-proxy/record.sqlite"));
  for (const [request, bodies] of rows) file.add(request, bodies);
});

afterAll(() => {
  if (skip) return;
  for (const home of [fileHome, laptopHome]) rmSync(home, { recursive: true, force: true });
});

const ask = (args: readonly string[], record = url) => runProgramIn(laptopHome, args, { RECORD: record });

function expectNoSecret({ out, err }: { out: string; err: string }): void {
  expect(out + err).not.toContain(postgresPassword);
  expect(out + err).not.toContain(postgresUser);
}

describe.skipIf(skip)(nameWithPostgres("a shared record is read as a file is"), () => {
  test.each([
    ["usage"],
    ["usage --csv"],
    ["usage --by model --since 7d --csv"],
    ["usage --by session"],
    ["usage --by client --filter is:error"],
    ["logs"],
    ["logs --json"],
    ["logs is:error"],
    ["logs model:nothing"],
    ["logs show last"],
    ["logs show bb --json"],
    ["logs show last-error"],
    ["logs show aa01 --raw client-request"],
    ["logs show aa01 --curl client"],
    ["logs show zz"],
    ["replay aa01 --dry-run"],
  ])("%s", async (command) => {
    const args = command.split(" ");
    const [ofFile, shared] = await Promise.all([runProgramIn(fileHome, args), ask(args)]);
    expect(shared).toEqual(ofFile);
    expectNoSecret(shared);
  });

  test("usage --json names the database, and not its user", async () => {
    const [ofFile, shared] = await Promise.all([
      runProgramIn(fileHome, ["usage", "--json"]),
      ask(["usage", "--json"]),
    ]);
    const { file: _, ...expected } = JSON.parse(ofFile.out);
    expect(JSON.parse(shared.out)).toEqual({
      database: `127.0.0.1:${server.port}/cli_shared_record`,
      ...expected,
    });
    expectNoSecret(shared);
  });

  test.each([
    [".env", (text: string) => `RECORD=${text}\n`],
    ["config.yaml", (text: string) => `upstreams: {}\nserver:\n  record: ${text}\n`],
    ["config.yaml", () => "upstreams: {}\nserver:\n  record: $" + "{ENV_RECORD}\n"],
  ])("its address may stand in %s", async (name, compose) => {
    const home = mkdtempSync(join(tmpdir(), "laptop-home-"));
    const path = join(home, ".config/claude-proxy", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, compose(url), { mode: 0o600 });
    const shared = await runProgramIn(home, ["logs", "--json"], { ENV_RECORD: url });
    expect(shared.out.split("\n")).toHaveLength(4);
    expect(shared.err).toBe("");
    rmSync(home, { recursive: true });
  });

  test("RECORD=off reads the file that there is", async () => {
    const found = await runProgramIn(fileHome, ["logs", "--json"], { RECORD: "off" });
    expect(found.out.split("\n")).toHaveLength(4);
  });
});

describe.skipIf(skip)(nameWithPostgres("what is wrong with it is said in a few lines"), () => {
  const commands = [["usage"], ["logs"], ["logs", "show", "last"], ["replay", "last"]];

  async function expectFault(record: string, expected: RegExp): Promise<void> {
    for (const answer of await Promise.all(commands.map((args) => ask(args, record)))) {
      expect(answer.out).toBe("");
      expect(answer.err).toMatch(expected);
      expect(answer.err.trim().split("\n").length).toBeLessThanOrEqual(3);
      expect(answer.exitCode).toBe(1);
      expectNoSecret(answer);
    }
  }

  test("nobody listens", async () => {
    await using gate = await startPostgresGate(server.port);
    await gate.refuse();
    await expectFault(
      gate.urlOf(url),
      /^.*The record cannot be read\.\nThe database 127\.0\.0\.1:\d+\/cli_shared_record does not answer/,
    );
  });

  test("the password is wrong, or there is no such database", async () => {
    await expectFault(
      url.replace(postgresPassword, "wrong-canary"),
      /refuses the user or the password of RECORD/,
    );
    await expectFault(`${url}_gone`, /There is no such database: 127\.0\.0\.1:\d+\/cli_shared_record_gone\./);
  });

  test("another version has made the tables", async () => {
    const newer = await server.createDatabase("cli_shared_newer");
    await server.query("create table claude_proxy_version as select 99 as version", newer);
    await expectFault(
      newer,
      /The record was written by a newer claude-proxy: 127\.0\.0\.1:\d+\/cli_shared_newer\nRead it with that program, or update this one\./,
    );
  });

  test("RECORD is no address", async () => {
    const answer = await ask(["usage"], "postgres://");
    expect(answer.err).toContain("RECORD");
    expect(answer.exitCode).not.toBe(0);
  });

  test("without tables nothing is recorded yet", async () => {
    const empty = await server.createDatabase("cli_shared_empty");
    const words =
      `Nothing is recorded yet: the database 127.0.0.1:${server.port}/cli_shared_empty has no tables\n` +
      "The first proxy that is started with it in RECORD makes them.\n";
    expect(await ask(["usage"], empty)).toEqual({ exitCode: 0, out: words, err: "" });
    expect(await ask(["logs"], empty)).toEqual({ exitCode: 0, out: words, err: "" });
    expect((await ask(["replay", "last"], empty)).err).toContain(words.split("\n")[1] ?? "");
    expect(await server.query("select 1 from pg_tables where schemaname = 'public'", empty)).toEqual([]);
  });
});

describe.skipIf(skip)(nameWithPostgres("the status line"), () => {
  const state = JSON.stringify({ session_id: "s1", model: { id: "claude-opus-5", display_name: "Opus" } });
  const line = (home: string, record: string | null, ...args: string[]) =>
    runProgramIn(home, ["statusline", "--no-color", ...args], record === null ? {} : { RECORD: record }, {
      input: state,
    });

  test.each([
    [[]],
    [
      [
        "--format",
        "{model} {upstream} {asked} {context_tokens} {window} {session_cost} {cache} {requests} {errors}",
      ],
    ],
  ])("is the same %p", async (args) => {
    expect(await line(laptopHome, url, ...args)).toEqual(await line(fileHome, null, ...args));
  });

  test("shows what the same client spent today, and nobody else", async () => {
    const record = await server.createDatabase("cli_shared_today");
    const postgres = openPostgres({ url: record, name: "test", connections: 1, timeoutMs: 10_000 });
    await migrate(postgres);
    const spent = (requestId: string, sessionId: string, client: string | null, costUsd: number) =>
      [recordedRequest({ requestId, sessionId, client, costUsd, timeMs: noon }), []] as const;
    await addSharedRows(postgres, [
      spent("req_1", "s1", "web", 1),
      spent("req_2", "s2", "web", 2),
      spent("req_3", "s3", "app", 4),
      spent("req_4", "s4", null, 8),
    ]);
    await postgres.close();
    expect((await line(laptopHome, record, "--format", "{today_cost}")).out).toBe("$3.00\n");
  });

  test("is printed in time when the database hangs", async () => {
    await using gate = await startPostgresGate(server.port);
    gate.stall();
    const start = performance.now();
    const hung = await line(laptopHome, gate.urlOf(url));
    expect(hung.out).toContain("Opus");
    expect(hung.exitCode).toBe(0);
    expect(hung.err).toContain("does not answer");
    expectNoSecret(hung);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
