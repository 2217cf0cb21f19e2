import { describe, expect, test } from "bun:test";
import { ApiError } from "../../src/anthropic/api-error.ts";
import type { LocalBudgets, Spender } from "../../src/budget/budgets.ts";
import { createBudgets } from "../../src/budget/create-budgets.ts";
import type { Config } from "../../src/config/config.ts";
import type { Spent, SpentQuery } from "../../src/record/record-reader.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../support/file-config.ts";
import { createTestConfig } from "../support/test-config.ts";
import { endedExchange } from "./ended-exchange.ts";

const nobody: Spender = { client: null, sessionId: null };
const nothing: Spent = { usd: 0, unknown: { requests: 0, promptTokens: 0, outputTokens: 0 } };

function configWith(settings: Partial<Config>): Config {
  return createTestConfig({ baseUrl: "http://127.0.0.1:9/v1", logFilePath: "/tmp/proxy.log", ...settings });
}

const withClients = (...clients: ReturnType<typeof clientSettings>[]) =>
  configWith({
    file: createFileConfig({ upstreams: [upstreamSettings("desk", "http://127.0.0.1:9/v1")], clients }),
  });

/** Budgets on a clock that the test sets. */
function start(
  config: Config,
  findSpent: ((query: SpentQuery) => Promise<Spent>) | null = async () => nothing,
) {
  const warnings: string[] = [];
  const queries: SpentQuery[] = [];
  const clock = { now: new Date(2026, 10, 30, 23, 0) };
  const budgets = createBudgets(config, {
    findSpent:
      findSpent === null
        ? null
        : (query) => {
            queries.push(query);
            return findSpent(query);
          },
    warn: (event, fields) => void warnings.push(`${event} ${JSON.stringify(fields)}`),
    nowMs: () => clock.now.getTime(),
  });
  const spend = (costUsd: number, by: { client?: string; sessionId?: string; time?: Date } = {}) =>
    budgets.end(endedExchange({ time: clock.now, ...by, costUsd, attempts: 1 }));
  return { budgets, warnings, queries, clock, spend };
}

/** The message of the refusal, or null. */
async function refusalOf(budgets: LocalBudgets, spender: Spender = nobody): Promise<ApiError | null> {
  try {
    await budgets.admit(spender);
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

const messageOf = async (budgets: LocalBudgets, spender: Spender = nobody) =>
  (await refusalOf(budgets, spender))?.message ?? null;

describe("a cap of the day", () => {
  test("warns once from 80 % on, refuses from 100 % on, and begins anew at midnight", async () => {
    const { budgets, warnings, clock, spend } = start(configWith({ budgetUsdPerDay: 10 }));
    spend(7.9);
    expect(await refusalOf(budgets)).toBeNull();
    expect(warnings).toEqual([]);
    spend(0.6);
    spend(1.4);
    const warning =
      '85 % of a budget is spent: $8.50 of $10 (BUDGET_USD_PER_DAY) {"budget":"day of everybody","ends":"2026-12-01 00:00"}';
    expect(warnings).toEqual([warning]);
    expect(await refusalOf(budgets)).toBeNull();
    spend(0.25);
    const refusal = await refusalOf(budgets);
    expect(refusal?.message).toBe(
      "claude-proxy: Today's limit of $10 for everybody is reached: $10.15 spent. Requests are accepted again from 2026-12-01 00:00, or when you raise BUDGET_USD_PER_DAY.",
    );
    expect([refusal?.type, refusal?.status, refusal?.headers]).toEqual([
      "billing_error",
      429,
      { "x-should-retry": "false", "retry-after": "3600" },
    ]);
    expect(budgets.list(null)).toEqual([
      {
        name: "day of everybody",
        spentUsd: 10.15,
        limitUsd: 10,
        endsMs: new Date(2026, 11, 1).getTime(),
      },
    ]);
    clock.now = new Date(2026, 10, 30, 23, 59, 59, 999);
    expect((await refusalOf(budgets))?.headers["retry-after"]).toBe("1");
    clock.now = new Date(2026, 11, 1);
    expect(await refusalOf(budgets)).toBeNull();
    expect(warnings).toEqual([warning]);
  });

  test("a request counts on the day on which it came, as in the record", async () => {
    const { budgets, clock, spend } = start(configWith({ budgetUsdPerDay: 10 }));
    const time = clock.now;
    clock.now = new Date(2026, 11, 1, 0, 5);
    expect(await refusalOf(budgets)).toBeNull();
    spend(50, { time });
    expect(await refusalOf(budgets)).toBeNull();
    spend(50);
    expect(await refusalOf(budgets)).not.toBeNull();
  });

  test("what its token counts and other paths cost is not counted", async () => {
    const { budgets, clock } = start(configWith({ budgetUsdPerDay: 10 }));
    budgets.end(
      endedExchange({ time: clock.now, path: "/v1/messages/count_tokens", costUsd: 50, attempts: 1 }),
    );
    expect(budgets.list(null)[0]?.spentUsd).toBe(0);
  });
});

describe("the record", () => {
  test("says what was spent before, and requests wait for it", async () => {
    const spent = Promise.withResolvers<Spent>();
    const { budgets, queries, warnings } = start(configWith({ budgetUsdPerDay: 10 }), () => spent.promise);
    expect(queries).toEqual([{ sinceMs: new Date(2026, 10, 30).getTime() }]);
    const refusal = messageOf(budgets);
    const unknown = { requests: 1, promptTokens: 1_000_000, outputTokens: 200_000 };
    spent.resolve({ usd: 0.5, unknown });
    expect(await refusal).toStartWith(
      "claude-proxy: Today's limit of $10 for everybody is reached: $10.50 spent.",
    );
    expect(warnings).toHaveLength(1);
  });

  test("that does not answer keeps nobody waiting, and counts when it does", async () => {
    const spent = Promise.withResolvers<Spent>();
    const { budgets, spend } = start(configWith({ budgetUsdPerDay: 10 }), () => spent.promise);
    expect(await refusalOf(budgets)).toBeNull();
    spend(1);
    spent.resolve({ ...nothing, usd: 9 });
    await spent.promise;
    expect(await messageOf(budgets)).toContain("$10 spent");
  });

  test("that cannot be read is told of once, and the caps begin with nothing", async () => {
    const caps = { budgetUsdPerDay: 10, budgetUsdPerSession: 1 };
    const { budgets, warnings, spend } = start(configWith(caps), () => Promise.reject(new Error("no disk")));
    expect(await refusalOf(budgets, { client: null, sessionId: "a" })).toBeNull();
    expect(warnings).toEqual([
      'budgets begin with nothing spent, as the record cannot be read {"cause":"Error: no disk"}',
    ]);
    spend(11);
    expect(await refusalOf(budgets)).not.toBeNull();
    const { warnings: others } = start(configWith(caps), null);
    expect(others).toEqual([
      'budgets begin with nothing spent, as the record cannot be read {"cause":"there is no record"}',
    ]);
  });
});

describe("caps of clients", () => {
  const config = withClients(clientSettings("ci", { usdPerDay: 1, usdPerMonth: 3 }), clientSettings("web"));

  test("hold for their client alone; that which ends last is told", async () => {
    const { budgets, queries, spend } = start(config);
    const ci = { ...nobody, client: "ci" };
    expect(queries).toEqual([
      { sinceMs: new Date(2026, 10, 30).getTime(), client: "ci" },
      { sinceMs: new Date(2026, 10, 1).getTime(), client: "ci" },
    ]);
    spend(50, { client: "web" });
    spend(1, { client: "ci" });
    expect(await messageOf(budgets, ci)).toBe(
      "claude-proxy: Today's limit of $1 for client ci is reached: $1 spent. Requests are accepted again from 2026-12-01 00:00, or when you raise clients.ci.usd_per_day.",
    );
    spend(2.5, { client: "ci" });
    expect(await messageOf(budgets, ci)).toBe(
      "claude-proxy: This month's limit of $3 for client ci is reached: $3.50 spent. Requests are accepted again from 2026-12-01 00:00, or when you raise clients.ci.usd_per_month.",
    );
    expect(await refusalOf(budgets, { ...nobody, client: "web" })).toBeNull();
    expect(await refusalOf(budgets)).toBeNull();
    const namesOf = (client: string | null) => budgets.list(client).map(({ name }) => name);
    expect([namesOf(null), namesOf("ci"), namesOf("web")]).toEqual([
      ["day of ci", "month of ci"],
      ["day of ci", "month of ci"],
      [],
    ]);
  });

  test("a client that is called everybody is not everybody", async () => {
    const called = withClients(clientSettings("everybody", { usdPerDay: 1 }));
    const { budgets, spend } = start({ ...called, budgetUsdPerDay: 10 });
    spend(2, { client: "ci" });
    expect(await refusalOf(budgets, { ...nobody, client: "everybody" })).toBeNull();
    expect(budgets.list("everybody")).toMatchObject([{ limitUsd: 1, spentUsd: 0 }]);
    expect(budgets.list(null)).toMatchObject([
      { limitUsd: 10, spentUsd: 2 },
      { limitUsd: 1, spentUsd: 0 },
    ]);
  });

  test("a month lasts over its days", async () => {
    const { budgets, clock, spend } = start(config);
    clock.now = new Date(2026, 11, 1, 12);
    for (const day of [1, 2, 3]) {
      clock.now = new Date(2026, 11, day, 12);
      spend(1, { client: "ci" });
    }
    clock.now = new Date(2026, 11, 31, 23, 59);
    expect(await messageOf(budgets, { ...nobody, client: "ci" })).toStartWith(
      "claude-proxy: This month's limit",
    );
    clock.now = new Date(2027, 0, 1);
    expect(await refusalOf(budgets, { ...nobody, client: "ci" })).toBeNull();
  });

  test("another limit goes on with what was spent, and is warned of anew", async () => {
    const { budgets, spend, warnings, queries } = start(config);
    const ci = { ...nobody, client: "ci" };
    await budgets.admit(ci);
    spend(1, { client: "ci" });
    expect(warnings).toHaveLength(1);
    budgets.configure(withClients(clientSettings("ci", { usdPerDay: 1.2 })));
    expect(warnings[1]).toStartWith("83 % of a budget is spent: $1 of $1.20 (clients.ci.usd_per_day)");
    expect(await refusalOf(budgets, ci)).toBeNull();
    expect(queries).toHaveLength(2);
    spend(0.2, { client: "ci" });
    expect(await refusalOf(budgets, ci)).not.toBeNull();
    budgets.configure(withClients(clientSettings("ci")));
    expect(budgets.list(null)).toEqual([]);
    expect(await refusalOf(budgets, ci)).toBeNull();
  });
});

describe("a cap of sessions", () => {
  const config = configWith({ budgetUsdPerSession: 2 });

  test("holds for each of them, begins with what the record says, and has no end", async () => {
    const { budgets, queries, spend } = start(config, async ({ sessionId }) => ({
      ...nothing,
      usd: sessionId === "old" ? 1.5 : 0,
    }));
    const of = (sessionId: string | null) => ({ client: null, sessionId });
    expect(queries).toEqual([]);
    expect(await refusalOf(budgets, of("old"))).toBeNull();
    expect(await refusalOf(budgets, of("new"))).toBeNull();
    expect(queries).toEqual([
      { sinceMs: 0, sessionId: "old" },
      { sinceMs: 0, sessionId: "new" },
    ]);
    for (const sessionId of ["old", "new"]) spend(0.5, { sessionId });
    const refusal = await refusalOf(budgets, of("old"));
    expect(refusal?.message).toBe(
      "claude-proxy: The limit of $2 for one session is reached: $2 spent. Start a new session, or raise BUDGET_USD_PER_SESSION.",
    );
    expect(refusal?.headers).toEqual({ "x-should-retry": "false" });
    expect(await refusalOf(budgets, of("new"))).toBeNull();
    spend(100);
    expect(await refusalOf(budgets, of(null))).toBeNull();
    expect(budgets.list(null)).toEqual([
      { name: "session old", spentUsd: 2, limitUsd: 2, endsMs: null },
      { name: "session new", spentUsd: 0.5, limitUsd: 2, endsMs: null },
    ]);
    budgets.configure(configWith({ budgetUsdPerSession: 3 }));
    expect(await refusalOf(budgets, of("old"))).toBeNull();
    spend(1, { sessionId: "old" });
    expect(await refusalOf(budgets, of("old"))).not.toBeNull();
  });

  test("of very many the one that was idle for longest is asked about again", async () => {
    const { budgets, queries } = start(config);
    for (let index = 0; index <= 1_000; index += 1)
      await budgets.admit({ client: null, sessionId: `s${index}` });
    await budgets.admit({ client: null, sessionId: "s1" });
    expect(queries).toHaveLength(1_001);
    await budgets.admit({ client: null, sessionId: "s0" });
    expect(queries).toHaveLength(1_002);
  });
});

describe("a model without a known price", () => {
  const tokens = { inputTokens: 1_000_000, outputTokens: 1_000_000, attempts: 1, upstreamModel: "big" };

  test("counts at the assumed price, and the first one is named once", async () => {
    const { budgets, warnings, clock } = start(configWith({ budgetUsdPerDay: 1_000 }));
    expect(await budgets.admit(nobody)).toBeNull();
    const ended = { ...tokens, time: clock.now };
    budgets.end(endedExchange(ended, { upstream: "desk" }));
    budgets.end(endedExchange({ ...ended, upstreamModel: "other" }));
    expect(budgets.list(null)[0]?.spentUsd).toBe(60);
    expect(warnings).toEqual([
      "the price of desk/big is not known: budgets count $5/$25 for a million tokens; set BUDGET_UNKNOWN_PRICE {}",
    ]);
  });

  test("is refused where that is set, unless its upstream tells what an answer cost", async () => {
    const { budgets, clock } = start(configWith({ budgetUsdPerDay: 1_000, budgetUnknownPrice: null }));
    const admit = await budgets.admit(nobody);
    if (admit === null) throw new Error("nothing is refused");
    const price = { input: 1, output: 1, cacheRead: null, cacheWrite: null };
    admit({ name: "or/big", price: null, tellsCost: true });
    admit({ name: "desk/big", price, tellsCost: false });
    const refuse = () => admit({ name: "desk/big", price: null, tellsCost: false });
    expect(refuse).toThrow(
      "claude-proxy: the price of desk/big is not known, and BUDGET_UNKNOWN_PRICE=refuse. Name its price in a config.yaml (models), or let it count at a price of your choice: BUDGET_UNKNOWN_PRICE=5/25.",
    );
    // An answer whose upstream told no cost after all is not free.
    budgets.end(endedExchange({ ...tokens, time: clock.now }));
    expect(budgets.list(null)[0]?.spentUsd).toBe(30);
  });

  test("is not refused to those for whom no cap holds", async () => {
    const config = { ...withClients(clientSettings("ci", { usdPerDay: 1 })), budgetUnknownPrice: null };
    const { budgets } = start(config);
    expect(await budgets.admit({ client: "web", sessionId: null })).toBeNull();
    expect(await budgets.admit({ client: "ci", sessionId: null })).not.toBeNull();
  });
});
