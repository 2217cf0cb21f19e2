import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestKey } from "../../src/config/digest-key.ts";
import { migrate } from "../../src/postgres/migrate.ts";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import { nameWithPostgres, sharePostgres, whyNoPostgres } from "../support/postgres.ts";
import { runProgramIn } from "./run-program-in.ts";

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "clients-command-"));
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runProgramIn(home, ["clients", ...args], env);

test.each([[], ["list"], ["add", "web"], ["remove", "web"], ["change", "web", "--admin"]])(
  "without a shared record it says where clients are: clients %s %s %s",
  async (...args) => {
    expect(await run(args)).toEqual({
      exitCode: 2,
      out: "",
      err:
        "These clients are in a shared record, and RECORD names none.\n" +
        "Without one, clients are in config.yaml. With one: put RECORD=postgres://USER:PASSWORD@HOST/DATABASE into the .env\n",
    });
  },
);

test.each([
  [["add", "Web"], /^"Web" is no name: lower-case letters/],
  [["add", "default"], /^default is the name of the client of PROXY_API_KEY/],
  [["add", "web", "--usd-per-day", "1e3"], /^--usd-per-day 1e3: must be a number of dollars, or none/],
  [["add", "web", "--requests-per-minute", "0"], /^--requests-per-minute 0: must be a whole number/],
  [["change", "web", "--models", "azure/*,,b"], /^--models azure\/\*,,b: must be patterns/],
  [["change", "web"], /^Nothing is to be changed/],
])("what is wrong is said: %p", async (args, words) => {
  const { exitCode, out, err } = await run(args, { RECORD: "postgres://u:canary-0123456789@127.0.0.1:9/d" });
  expect([exitCode, out]).toEqual([2, ""]);
  expect(err).toMatch(words);
});

test("a wrong RECORD is one line", async () => {
  expect(await run([], { RECORD: "postgres://u:canary-0123456789@one,two/d" })).toEqual({
    exitCode: 2,
    out: "",
    err: "RECORD names several hosts, and only one is understood (from the environment). Example: RECORD=off\n",
  });
});

describe.skipIf(whyNoPostgres !== null)(nameWithPostgres("with a shared record"), () => {
  let record: string;

  beforeAll(async () => {
    record = await (await sharePostgres()).createDatabase("clients_command");
  });

  const shared = (...args: string[]) => run(args, { RECORD: record });

  test("a database without tables is left as it is, and one that is away is named without its password", async () => {
    const missing = await shared("add", "web");
    expect([missing.exitCode, missing.out]).toEqual([1, ""]);
    expect(missing.err).toContain(
      "/clients_command has no tables yet. Start a proxy with it in RECORD first",
    );
    const away = await run([], { RECORD: "postgres://u:canary-0123456789@127.0.0.1:9/gone" });
    expect([away.exitCode, away.out]).toEqual([1, ""]);
    expect(away.err).toStartWith("The database 127.0.0.1:9/gone does not answer: ");
    expect(away.err).not.toContain("canary");
    const postgres = openPostgres({ url: record, name: "test", connections: 1, timeoutMs: 10_000 });
    await migrate(postgres);
    await postgres.close();
  });

  test("a client is added, changed, listed and removed; the database has a digest of its key", async () => {
    expect(await shared()).toEqual({
      exitCode: 0,
      out: "There is no client. Add one: claude-proxy clients add NAME\n",
      err: "",
    });
    const limits = ["--usd-per-day", "20", "--models", "azure/*, vllm/glm-5.3"];
    const added = await shared("add", "web-team", ...limits);
    const key = added.out.trim();
    expect([added.exitCode, added.out]).toEqual([0, `${key}\n`]);
    expect(key).toMatch(/^sk-cp-[\w-]{43}$/);
    expect(added.err).toContain("ANTHROPIC_AUTH_TOKEN");
    expect(added.err).not.toContain(key);
    const digests = async () =>
      (
        await (await sharePostgres()).query("select key_digest from proxy_clients order by created", record)
      ).map(({ key_digest }) => key_digest);
    expect(await digests()).toEqual([digestKey(key)]);

    const again = await shared("add", "web-team");
    expect([again.exitCode, again.out]).toEqual([1, ""]);
    expect(again.err).toStartWith("There is a client web-team already.\n");

    const changed = await shared(
      "change",
      "web-team",
      "--usd-per-day",
      "none",
      "--requests-per-minute",
      "9",
      "--admin",
    );
    expect(changed).toEqual({
      exitCode: 0,
      out: "web-team is changed at all instances, within two seconds.\n",
      err: "",
    });
    await shared("add", "ci");
    const { clients } = JSON.parse((await shared("list", "--json")).out);
    expect(clients).toEqual([
      expect.objectContaining({ name: "ci", admin: false, models: null, usdPerDay: null }),
      {
        name: "web-team",
        usdPerDay: null,
        usdPerMonth: null,
        requestsPerMinute: 9,
        models: ["azure/*", "vllm/glm-5.3"],
        admin: true,
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        spentTodayUsd: null,
      },
    ]);

    const renewed = await shared("change", "web-team", "--new-key");
    expect((await digests())[0]).toBe(digestKey(renewed.out.trim()));
    expect(renewed.out.trim()).not.toBe(key);

    expect((await shared("remove", "web-team")).out).toStartWith(
      "web-team is removed: every instance refuses it",
    );
    const gone = await shared("remove", "web-team");
    expect([gone.exitCode, gone.err]).toEqual([
      1,
      "There is no client web-team. See: claude-proxy clients\n",
    ]);
    expect((await shared("add", "web-team")).exitCode).toBe(0);
  }, 30_000);

  test.each([40, 60, 80, 120])("at %d columns no row of the table is wider", async (columns) => {
    const { formatClients } = await import("../../src/cli/clients/list-clients.ts");
    const client = {
      name: "a-team-with-quite-a-long-name-indeed",
      keyDigest: digestKey("canary"),
      usdPerDay: 1_000,
      usdPerMonth: 20_000,
      requestsPerMinute: 120,
      models: ["azure/*", "vllm/glm-5.3", "openrouter/moonshotai/kimi-k3"],
      admin: true,
    };
    const rows = formatClients([{ client, createdMs: 0, spentTodayUsd: 12.5 }], columns);
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(Bun.stringWidth(row)).toBeLessThanOrEqual(columns);
    expect(rows[0]).toStartWith("client");
    expect(rows[1]).toContain("$1,000.00");
  });
});
