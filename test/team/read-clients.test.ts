import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClientSettings } from "../../src/config/file-config.ts";
import { migrate } from "../../src/postgres/migrate.ts";
import { openPostgres } from "../../src/postgres/open-postgres.ts";
import { addClient, removeClient } from "../../src/team/client-table.ts";
import { createKeptClients } from "../../src/team/kept-clients.ts";
import { readClients } from "../../src/team/read-clients.ts";
import { nameWithPostgres, sharePostgres, whyNoPostgres } from "../support/postgres.ts";

const place = "db:5432/team";
const createClient = (name: string, limits: Partial<ClientSettings> = {}): ClientSettings => ({
  name,
  keyDigest: Buffer.from(name).toString("hex").padStart(64, "0"),
  usdPerDay: null,
  usdPerMonth: null,
  requestsPerMinute: null,
  models: null,
  admin: false,
  ...limits,
});

test.skipIf(whyNoPostgres !== null)(
  nameWithPostgres("a row whose limits cannot be read admits nobody, instead of somebody without limits"),
  async () => {
    const url = await (await sharePostgres()).createDatabase("team_clients");
    const postgres = openPostgres({ url, name: "test", connections: 1, timeoutMs: 10_000 });
    const { query } = postgres;
    await migrate(postgres);
    expect(await readClients(query)).toEqual({ clients: [], state: "empty" });

    const limited = createClient("b", { usdPerDay: 0, requestsPerMinute: 4, models: ["a/*"] });
    const admin = createClient("a", { usdPerMonth: 2.5, admin: true });
    for (const client of [limited, admin]) expect(await addClient(query, client)).toBe(true);
    expect(await addClient(query, createClient("b"))).toBe(false);
    const columns = ["usd_per_day = 'NaN'", "usd_per_month = -1", "models = '{}'", "models = '[\"a\", 1]'"];
    for (const [at, setting] of [...columns, `key_digest = '${"A".repeat(64)}'`].entries()) {
      expect(await addClient(query, createClient(`c${at}`))).toBe(true);
      await query(`update proxy_clients set ${setting} where name = $1`, [`c${at}`]);
    }
    expect(await readClients(query)).toEqual({ clients: [admin, limited], state: "begun" });
    await query("delete from proxy_clients where name like 'c%'");
    for (const { name } of [admin, limited]) expect(await removeClient(query, name)).toBe(true);
    expect(await readClients(query)).toEqual({ clients: [], state: "begun" });
    await postgres.close();
  },
);

test("the clients that are kept are those of their database", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kept-clients-"));
  const path = join(folder, "clients.json");
  const kept = createKeptClients(folder, place);
  const unknown = { clients: [], state: "unknown" } as const;
  expect(kept.read()).toEqual(unknown);
  const shared = {
    clients: [createClient("a", { usdPerDay: 5, models: ["a/*"], admin: true }), createClient("b")],
    state: "begun",
  } as const;
  await kept.write(shared);
  expect(kept.read()).toEqual(shared);
  expect(createKeptClients(folder, "db:5432/other").read()).toEqual(unknown);

  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace('"usd_per_day": 5', '"usd_per_day": "5"'));
  expect(kept.read()).toEqual({ ...shared, clients: shared.clients.slice(1) });
  for (const other of [
    "",
    "[]",
    text.replace('"version": 1', '"version": 2'),
    '{"version":1,"clients":{}}',
  ]) {
    writeFileSync(path, other);
    expect(() => kept.read()).toThrow();
  }
  rmSync(folder, { recursive: true });
});
