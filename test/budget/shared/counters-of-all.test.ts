import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Config } from "../../../src/config/config.ts";
import type { SpendingCharge } from "../../../src/record/spending-charge.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../../support/file-config.ts";
import { nameWithPostgres, whyNoPostgres } from "../../support/postgres.ts";
import { createTestConfig } from "../../support/test-config.ts";
import { createShared, startInstance } from "./shared-counters.ts";

const config = (settings: Partial<Config>) =>
  createTestConfig({ baseUrl: "http://127.0.0.1:9/v1", logFilePath: "/tmp/proxy.log", ...settings });

const withClients = config({
  budgetUsdPerDay: 1,
  budgetUsdPerSession: 0.5,
  file: createFileConfig({
    upstreams: [upstreamSettings("desk", "http://127.0.0.1:9/v1")],
    clients: [clientSettings("a", { usdPerDay: 0.6, usdPerMonth: 0.8 }), clientSettings("b")],
  }),
});
/** In cents. */
const limits: Readonly<Record<string, number>> = { everybody: 100, "a day": 60, "a month": 80, session: 50 };
const limitOf = (name: string) =>
  limits[name.includes("session") ? "session" : name.replace(/^everybody.*/, "everybody")] ?? 0;

interface Step {
  at: number;
  client: "a" | "b" | null;
  session: "s" | "t" | null;
  most: number;
  part: number;
  stays: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat(2),
  client: fc.constantFrom("a", "b", null),
  session: fc.constantFrom("s", "t", null),
  most: fc.integer({ min: 1, max: 30 }),
  part: fc.integer({ min: 0, max: 10 }),
  stays: fc.nat(3),
});

test.skipIf(whyNoPostgres !== null)(
  nameWithPostgres("three instances never spend beyond a cap by more than a request each, and count exactly"),
  async () => {
    await using shared = await createShared("caps_property");
    const run = async (rounds: Step[][]) => {
      await shared.postgres.query(
        "truncate proxy_spending, proxy_reservations; truncate proxy_requests, proxy_bodies",
      );
      const all = ["one", "two", "three"].map((instance) =>
        startInstance(withClients, { url: shared.url, instance }),
      );
      const spent = new Map<string, number>();
      const running: { left: number; end: () => Promise<void> }[] = [];
      let ids = 0;
      const add = async ({ at, client, session: sessionId, most, part, stays }: Step) => {
        const instance = all[at];
        const id = `req_${ids++}`;
        const by = { client, sessionId };
        const cost = Math.floor((most * part) / 10);
        const refusal = await instance?.admit(id, most, by);
        const end = async () => {
          const charges = instance?.end(id, refusal === null ? cost : 0, by) ?? [];
          for (const charge of charges) spent.set(nameOf(charge), (spent.get(nameOf(charge)) ?? 0) + cost);
          await shared.settle(id, charges);
          // Nobody knew whether it had arrived.
          if (part % 2 === 0) await shared.settle(id, charges);
        };
        if (refusal === null) running.push({ left: stays, end });
        else await end();
      };
      const endSome = (isOver: (left: number) => boolean) => {
        const over = running.filter((one) => isOver(one.left--));
        for (const one of over) running.splice(running.indexOf(one), 1);
        return over.map(({ end }) => end());
      };
      for (const steps of rounds) {
        await Promise.all([...steps.map(add), ...endSome((left) => left <= 0)]);
        for (const { name, spent: now, reserved, held } of await shared.counters()) {
          expect(reserved).toBe(held);
          expect(now + reserved).toBeLessThanOrEqual(limitOf(name) + 3 * 30);
        }
      }
      await Promise.all(endSome(() => true));
      const counters = await shared.counters();
      for (const { name, spent: counted } of counters)
        expect([name, counted]).toEqual([name, spent.get(name) ?? 0]);
      for (const name of spent.keys()) expect(counters.map((counter) => counter.name)).toContain(name);
      expect(counters.map(({ reserved, held }) => [reserved, held])).toEqual(counters.map(() => [0, 0]));
      for (const { budgets, warnings } of all) {
        await budgets.close();
        expect(warnings.filter((text) => !text.includes("of a budget is spent"))).toEqual([]);
      }
    };
    const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 });
    await fc.assert(fc.asyncProperty(rounds, run), { numRuns: 25 });
  },
  60_000,
);

function nameOf({ client, period, start }: SpendingCharge): string {
  return [client === "" ? "everybody" : client, period, period === "session" ? start : ""].join(" ").trim();
}
