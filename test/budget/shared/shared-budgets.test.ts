import { afterEach, describe, expect, setSystemTime, test } from "bun:test";
import { toPicousd } from "../../../src/budget/shared/counter-key.ts";
import { createSpendingLedger } from "../../../src/budget/shared/spending-ledger.ts";
import type { Config } from "../../../src/config/config.ts";
import { openPostgres } from "../../../src/postgres/open-postgres.ts";
import type { SpentQuery } from "../../../src/record/record-reader.ts";
import { sendHeartbeat } from "../../../src/team/instances.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../../support/file-config.ts";
import { whyNoPostgres } from "../../support/postgres.ts";
import { startPostgresGate } from "../../support/postgres-gate.ts";
import { soonMs } from "../../support/soon-ms.ts";
import { createTestConfig } from "../../support/test-config.ts";
import { createShared, dimes, nothingSpent, sharedUrl, startInstance } from "./shared-counters.ts";

const configOf = (settings: Partial<Config>) =>
  createTestConfig({ baseUrl: "http://127.0.0.1:9/v1", logFilePath: "/tmp/proxy.log", ...settings });
const dollarADay = configOf({ budgetUsdPerDay: 1 });

afterEach(() => {
  setSystemTime();
});

/** Waits until it holds. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + soonMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error("it did not come to that");
    await Bun.sleep(10);
  }
}

describe.skipIf(whyNoPostgres !== null)("caps that several instances share", () => {
  test("what runs at others counts, and one request of each instance is admitted as long as any is left", async () => {
    await using shared = await createShared("caps_running");
    const [one, other] = ["one", "other"].map((instance) =>
      startInstance(dollarADay, { url: shared.url, instance }),
    );
    if (one === undefined || other === undefined) throw new Error("there are two");
    expect(await one.admit("r1", 60)).toBeNull();
    // More than is left, but the only one there.
    expect(await other.admit("r2", 60)).toBeNull();
    const refused = await other.admit("r3", 10);
    expect([refused?.status, refused?.type, refused?.headers, refused?.message]).toEqual([
      429,
      "rate_limit_error",
      { "retry-after": "2", "x-should-retry": "true" },
      "claude-proxy: Today's limit of $1 for everybody: $0 spent, and running requests may spend the rest. Try again in a few seconds.",
    ]);
    await shared.settle("r1", one.end("r1", 20));
    await shared.settle("r2", other.end("r2", 30));
    expect(await shared.counters()).toEqual([{ name: "everybody day", spent: 50, reserved: 0, held: 0 }]);
    expect(await one.admit("r4", 50)).toBeNull();
    await shared.settle("r4", one.end("r4", 50));
    const spent = await other.admit("r5", 1);
    expect([spent?.type, spent?.message]).toEqual([
      "billing_error",
      expect.stringContaining("Today's limit of $1 for everybody is reached: $1 spent."),
    ]);
    expect(other.budgets.list(null)).toMatchObject([{ name: "day of everybody", spentUsd: 1, limitUsd: 1 }]);
    await Promise.all([one.budgets.close(), other.budgets.close()]);
  });

  test("a request that may cost more than all numbers is one that may use up the cap", async () => {
    await using shared = await createShared("caps_endless");
    const start = (instance: string) => startInstance(dollarADay, { url: shared.url, instance });
    const [one, two, three] = [start("one"), start("two"), start("three")];
    const endless = 1e300;
    expect(await one.admit("r1", endless)).toBeNull();
    expect(await two.admit("r2", endless)).toBeNull();
    expect((await two.admit("r3", 1))?.type).toBe("rate_limit_error");
    await shared.settle("r1", one.end("r1", 100));
    expect((await three.admit("r4", endless))?.type).toBe("billing_error");
    await shared.settle("r2", two.end("r2", 100));
    expect(await shared.counters()).toEqual([{ name: "everybody day", spent: 200, reserved: 0, held: 0 }]);
    expect(
      [one, two, three].flatMap(({ warnings }) =>
        warnings.filter((text) => text.includes("does not answer")),
      ),
    ).toEqual([]);
    await Promise.all([one, two, three].map(({ budgets }) => budgets.close()));
  });

  test("a request is reserved at all of its counters or at none", async () => {
    await using shared = await createShared("caps_all_or_none");
    const clients = [clientSettings("a", { usdPerDay: 0.1, usdPerMonth: 5 })];
    const upstreams = [upstreamSettings("desk", "http://127.0.0.1:9/v1")];
    const config = configOf({ budgetUsdPerDay: 9, file: createFileConfig({ upstreams, clients }) });
    const one = startInstance(config, { url: shared.url, instance: "one" });
    expect(await one.admit("r1", 8, { client: "a" })).toBeNull();
    expect((await one.admit("r2", 8, { client: "a" }))?.message).toContain(
      "Today's limit of $0.10 for client a: $0 spent, and running requests may spend the rest.",
    );
    // No client has no cap of a client.
    expect(await one.admit("r3", 8)).toBeNull();
    const holds = (await shared.counters()).map(({ name, reserved, held }) => [name, reserved, held]);
    expect(holds).toEqual([
      ["everybody day", 16, 16],
      ["a day", 8, 8],
      ["a month", 8, 8],
    ]);
    await one.budgets.close();
  });

  test("a counter begins with what the record says, once for all instances", async () => {
    await using shared = await createShared("caps_begin");
    const asked: SpentQuery[] = [];
    const findSpent = async (query: SpentQuery) => {
      asked.push(query);
      return { ...nothingSpent, usd: 0.4 };
    };
    const all = ["one", "two", "three"].map((instance) =>
      startInstance(dollarADay, { url: shared.url, instance, findSpent }),
    );
    const admitted = await Promise.all(all.map((one, index) => one.admit(`r${index}`, 20)));
    expect(admitted).toEqual([null, null, null]);
    expect(await shared.counters()).toEqual([{ name: "everybody day", spent: 40, reserved: 60, held: 60 }]);
    const now = new Date();
    const sinceMs = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
    expect(asked).toEqual(asked.map(() => ({ sinceMs })));
    await Promise.all(all.map(({ budgets }) => budgets.close()));
  });

  test("a cap that was not set for a while takes over what was spent then", async () => {
    await using shared = await createShared("caps_set_again");
    const first = startInstance(dollarADay, { url: shared.url, instance: "one" });
    expect(await first.admit("r1", 10)).toBeNull();
    await shared.settle("r1", first.end("r1", 10));
    await first.budgets.close();
    const findSpent = async () => ({ ...nothingSpent, usd: 0.9 });
    const again = startInstance(dollarADay, { url: shared.url, instance: "two", findSpent });
    expect(await again.admit("r2", 10)).toBeNull();
    await until(async () => (await shared.counters())[0]?.spent === 90);
    expect((await again.admit("r3", 10))?.type).toBe("rate_limit_error");
    await again.budgets.close();
  });

  test("going on to a dearer target reserves more, and may be refused", async () => {
    await using shared = await createShared("caps_dearer");
    const one = startInstance(dollarADay, { url: shared.url, instance: "one" });
    expect(await one.admit("r1", 5)).toBeNull();
    expect(one.budgets.admitNext("r1", { ...dimes, price: null, outputCeiling: 1 })).toBeNull();
    expect(await one.admitNext("r1", dimes)).toBeNull();
    expect(await shared.counters()).toMatchObject([{ reserved: 50, held: 50 }]);
    expect(await one.admit("r2", 9)).toBeNull();
    expect((await one.admitNext("r2", dimes))?.type).toBe("rate_limit_error");
    expect(await shared.counters()).toMatchObject([{ reserved: 59, held: 59 }]);
    await one.budgets.close();
  });

  test("a request counts in the day and month in which it came; the next ones begin anew", async () => {
    await using shared = await createShared("caps_next_day");
    const clients = [clientSettings("a", { usdPerDay: 0.5, usdPerMonth: 0.9 })];
    const upstreams = [upstreamSettings("desk", "http://127.0.0.1:9/v1")];
    const config = configOf({ file: createFileConfig({ upstreams, clients }) });
    const late = new Date(2026, 10, 29, 23, 59);
    setSystemTime(late);
    const [one, two] = ["one", "two"].map((instance) => startInstance(config, { url: shared.url, instance }));
    if (one === undefined || two === undefined) throw new Error("there are two");
    const by = { client: "a" };
    expect(await one.admit("r1", 50, by)).toBeNull();
    const days: unknown[] = [];
    const keep = async (id: string, charges: ReturnType<typeof one.end>) => {
      days.push(charges.map(({ period, start }) => `${period} ${start}`));
      await shared.settle(id, charges);
    };
    setSystemTime(new Date(2026, 10, 30, 0, 1));
    expect(await two.admit("r2", 30, by)).toBeNull();
    await keep("r1", one.end("r1", 50, { ...by, time: late }));
    await keep("r2", two.end("r2", 40, by));
    expect((await one.admit("r3", 10, by))?.message).toContain(
      "This month's limit of $0.90 for client a is reached: $0.90 spent. Requests are accepted again from 2026-12-01 00:00",
    );
    setSystemTime(new Date(2026, 11, 1, 0, 1));
    expect(await one.admit("r4", 10, by)).toBeNull();
    await keep("r4", one.end("r4", 10, by));
    expect(days).toEqual([
      ["day 2026-11-29", "month 2026-11-01"],
      ["day 2026-11-30", "month 2026-11-01"],
      ["day 2026-12-01", "month 2026-12-01"],
    ]);
    expect((await shared.counters()).map(({ name, spent }) => [name, spent])).toEqual([
      ["a day", 50],
      ["a day", 40],
      ["a day", 10],
      ["a month", 90],
      ["a month", 10],
    ]);
    await Promise.all([one.budgets.close(), two.budgets.close()]);
  });

  test("a session has one counter at all instances, whatever its name", async () => {
    await using shared = await createShared("caps_session");
    const config = configOf({ budgetUsdPerSession: 0.5 });
    const [one, two] = ["one", "two"].map((instance) => startInstance(config, { url: shared.url, instance }));
    if (one === undefined || two === undefined) throw new Error("there are two");
    const sessions = ["4f3e", "a\0b \ud800 é", "x".repeat(9_000)];
    for (const [index, sessionId] of sessions.entries()) {
      const by = { sessionId };
      expect(await one.admit(`a${index}`, 60, by)).toBeNull();
      await shared.settle(`a${index}`, one.end(`a${index}`, 60, by));
      expect((await two.admit(`b${index}`, 1, by))?.message).toContain(
        "The limit of $0.50 for one session is reached: $0.60 spent. Start a new session, or raise BUDGET_USD_PER_SESSION.",
      );
    }
    expect(await shared.counters()).toHaveLength(3);
    expect(await two.admit("c", 1)).toBeNull();
    await Promise.all([one.budgets.close(), two.budgets.close()]);
  });

  test("what an instance had reserved that is gone is taken back, and what its own lost answers had", async () => {
    await using shared = await createShared("caps_dead");
    const dead = startInstance(dollarADay, { url: shared.url, instance: "dead" });
    expect(await dead.admit("r1", 50)).toBeNull();
    expect(await dead.admit("r2", 40)).toBeNull();
    await dead.budgets.close();
    const { query } = shared.postgres;
    const live = startInstance(dollarADay, { url: shared.url, instance: "live" });
    expect(await live.admit("r3", 5)).toBeNull();
    await query(
      `insert into proxy_instances (id, host, version, address, seen, heard_since)
      values ('dead', 'h', '1', 'a', now() - interval '61 seconds', '2000-01-01'), ('live', 'h', '1', 'b', now(), '2000-01-01')`,
    );
    await query("insert into proxy_reservations values ('lost', 'live', '', 'day', 'gone', 1)");
    await query("update proxy_reservations set made = now() - interval '59 seconds'");
    // Its request may be on its way to those that the instance knows of.
    await query("insert into proxy_reservations values ('fresh', 'live', '', 'day', 'gone', 1)");
    // The same instance as far as the database knows: it does not know of r3 any more, nor of the lost one.
    const again = startInstance(dollarADay, { url: shared.url, instance: "live", times: { tidyMs: 20 } });
    await until(async () => (await shared.counters())[0]?.held === 90);
    expect(await shared.counters()).toMatchObject([{ reserved: 90, held: 90 }]);
    expect(await query("select request from proxy_reservations where start = 'gone'")).toEqual([
      { request: "fresh" },
    ]);
    await query("update proxy_reservations set made = now() - interval '61 seconds'");
    await until(async () => (await shared.counters())[0]?.held === 0);
    expect(await shared.counters()).toEqual([{ name: "everybody day", spent: 0, reserved: 0, held: 0 }]);
    expect(await query("select * from proxy_reservations")).toEqual([]);
    expect(again.warnings).toEqual([]);
    await Promise.all([live.budgets.close(), again.budgets.close()]);
  });

  test("reservations of those that live and run stay", async () => {
    await using shared = await createShared("caps_alive");
    const { query } = shared.postgres;
    await query(
      "insert into proxy_instances (id, host, version, address) values ('one', 'h', '1', 'a'), ('two', 'h', '1', 'b')",
    );
    const one = startInstance(dollarADay, { url: shared.url, instance: "one" });
    expect(await one.admit("r1", 50)).toBeNull();
    const two = startInstance(dollarADay, { url: shared.url, instance: "two", times: { tidyMs: 20 } });
    expect(await two.admit("r2", 20)).toBeNull();
    expect(await two.admit("r3", 20)).toBeNull();
    // It waits for the record.
    two.end("r3", 20);
    const untilTakenBack = async (lost: string) => {
      await query(
        `insert into proxy_reservations values ('${lost}', 'two', '', 'day', 'gone', 1, '2000-01-01')`,
      );
      await until(async () => {
        return (await query(`select from proxy_reservations where request = '${lost}'`)).length === 0;
      });
    };
    // The second round has begun with all three of them.
    await untilTakenBack("lost1");
    await untilTakenBack("lost2");
    await query("update proxy_reservations set made = now() - interval '1 hour'");
    await untilTakenBack("lost3");
    await untilTakenBack("lost4");
    expect(await shared.counters()).toMatchObject([{ reserved: 90, held: 90 }]);
    await Promise.all([one.budgets.close(), two.budgets.close()]);
  });

  test("after a silence of the database nothing is taken back from those that could not be heard", async () => {
    await using shared = await createShared("caps_after_silence");
    const { query } = shared.postgres;
    const beat = (id: string) => sendHeartbeat(query, { id, version: "1", address: "a" });
    await Promise.all(["one", "two", "dead"].map(beat));
    const one = startInstance(dollarADay, { url: shared.url, instance: "one" });
    expect(await one.admit("r1", 50)).toBeNull();
    const dead = startInstance(dollarADay, { url: shared.url, instance: "dead" });
    expect(await dead.admit("r2", 20)).toBeNull();
    await dead.budgets.close();
    // The database was away for an hour, and is heard by the second one first.
    await query(
      `update proxy_instances set seen = now() - interval '1 hour', heard_since = now() - interval '2 hours';
      update proxy_reservations set made = now() - interval '2 hours'`,
    );
    const two = startInstance(dollarADay, { url: shared.url, instance: "two", times: { tidyMs: 20 } });
    const oneRound = async () => {
      const lost = crypto.randomUUID();
      await query(
        `insert into proxy_reservations values ('${lost}', 'two', '', 'day', 'gone', 1, '2000-01-01')`,
      );
      await until(async () => {
        return (await query(`select from proxy_reservations where request = '${lost}'`)).length === 0;
      });
    };
    await oneRound();
    await oneRound();
    expect(await shared.counters()).toMatchObject([{ reserved: 70, held: 70 }]);
    await beat("two");
    await oneRound();
    await oneRound();
    expect(await shared.counters()).toMatchObject([{ reserved: 70, held: 70 }]);
    // A minute later those that live were heard, too.
    await beat("one");
    await query(
      "update proxy_instances set heard_since = heard_since - interval '61 seconds' where id <> 'dead'",
    );
    await until(async () => (await shared.counters())[0]?.held === 50);
    await Promise.all([one.budgets.close(), two.budgets.close()]);
  });

  test("an instance that vanishes while it begins a counter does not keep the record waiting", async () => {
    await using shared = await createShared("caps_vanished");
    await using gate = await startPostgresGate(shared.server.port);
    const url = gate.urlOf(shared.url);
    const postgres = openPostgres({ url, name: "test", connections: 1, timeoutMs: 10_000 });
    const key = { client: "", period: "day", start: "2026-11-30" } as const;
    const isAsked = Promise.withResolvers<void>();
    const ledger = createSpendingLedger(postgres, "gone", { silenceMs: 100 });
    const begun = ledger.begin(key, () => {
      gate.stall();
      isAsked.resolve();
      return new Promise(() => undefined);
    });
    begun.catch(() => undefined);
    await isAsked.promise;
    await shared.settle("r1", [{ ...key, picousd: toPicousd(0.2) }]);
    expect(await shared.counters()).toMatchObject([{ spent: 20 }]);
    await gate.pass();
    await postgres.close();
  });

  test("while the database is silent, open goes on with what is known and says so once", async () => {
    await using shared = await createShared("caps_open");
    await using gate = await startPostgresGate(shared.server.port);
    const one = startInstance(dollarADay, {
      url: sharedUrl(gate.urlOf(shared.url)),
      instance: "one",
      times: { waitMs: 250 },
    });
    await until(async () => (await one.admit("r0", 30)) === null && one.warnings.length === 0);
    await shared.settle("r0", one.end("r0", 30));
    gate.stall();
    for (const id of ["r1", "r2", "r3", "r4"]) expect(await one.admit(id, 90)).toBeNull();
    expect(one.warnings).toEqual([
      expect.stringMatching(
        /^the shared record does not answer: budgets count what this instance knows \{"cause":"The database 127\.0\.0\.1:\d+\/caps_open does not answer: no answer within \d+ ms\. /,
      ),
    ]);
    for (const id of ["r1", "r2"]) one.end(id, 40);
    expect((await one.admit("r5", 1))?.message).toContain("is reached: $1.10 spent");
    await one.budgets.close();
  });

  test("what is reserved too late for a request that has ended is released at once", async () => {
    await using shared = await createShared("caps_late");
    await using gate = await startPostgresGate(shared.server.port);
    const other = startInstance(dollarADay, { url: shared.url, instance: "other" });
    expect(await other.admit("r0", 20)).toBeNull();
    const readChanged = async () => await shared.postgres.query("select changed from proxy_spending");
    const changed = await readChanged();
    gate.stall();
    const one = startInstance(dollarADay, {
      url: sharedUrl(gate.urlOf(shared.url)),
      instance: "one",
      times: { waitMs: 50 },
    });
    expect(await one.admit("r1", 30)).toBeNull();
    one.end("r1", 0);
    await gate.pass();
    await until(async () => !Bun.deepEquals(await readChanged(), changed));
    await until(async () => (await shared.counters())[0]?.reserved === 20);
    expect(await shared.counters()).toMatchObject([{ reserved: 20, held: 20 }]);
    await Promise.all([one.budgets.close(), other.budgets.close()]);
  });

  test("closed refuses those with a cap until it answers again", async () => {
    await using shared = await createShared("caps_closed");
    await using gate = await startPostgresGate(shared.server.port);
    const clients = [clientSettings("a", { usdPerDay: 1 }), clientSettings("b")];
    const upstreams = [upstreamSettings("desk", "http://127.0.0.1:9/v1")];
    const one = startInstance(
      configOf({ capsFail: "closed", file: createFileConfig({ upstreams, clients }) }),
      { url: sharedUrl(gate.urlOf(shared.url)), instance: "one", times: { waitMs: 250 } },
    );
    await gate.refuse();
    const refused = await one.admit("r1", 10, { client: "a" });
    expect([refused?.status, refused?.type, refused?.headers, refused?.message]).toEqual([
      503,
      "api_error",
      { "retry-after": "5", "x-should-retry": "true" },
      "claude-proxy: the shared record does not answer, so nobody knows what is left of clients.a.usd_per_day, and CAPS_FAIL=closed. Try again in a few seconds.",
    ]);
    one.end("r1", 0, { client: "a" });
    expect(await one.admit("r2", 10, { client: "b" })).toBeNull();
    await gate.pass();
    await until(async () => (await one.admit("r3", 10, { client: "a" })) === null);
    expect(one.warnings[0]).toStartWith("the shared record does not answer: budgets refuse whoever has one");
    await one.budgets.close();
  });
});
