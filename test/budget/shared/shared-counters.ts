import { ApiError } from "../../../src/anthropic/api-error.ts";
import type { PricedTarget, Spender } from "../../../src/budget/budgets.ts";
import {
  createSharedBudgets,
  type SharedBudgets,
  type SharedBudgetsOptions,
} from "../../../src/budget/shared/create-shared-budgets.ts";
import type { Config } from "../../../src/config/config.ts";
import type { SharedRecordUrl } from "../../../src/config/record-place.ts";
import { migrate } from "../../../src/postgres/migrate.ts";
import { openPostgres } from "../../../src/postgres/open-postgres.ts";
import type { Postgres } from "../../../src/postgres/postgres.ts";
import { settleCharges } from "../../../src/postgres/spending-sql.ts";
import type { Spent } from "../../../src/record/record-reader.ts";
import type { SpendingCharge } from "../../../src/record/spending-charge.ts";
import { sharePostgres } from "../../support/postgres.ts";
import { endedExchange } from "../ended-exchange.ts";

/** A token of the answer costs a cent, and one of the prompt nothing. */
const cents: PricedTarget = {
  name: "desk/model",
  price: { input: 0, output: 10_000, cacheRead: null, cacheWrite: null },
  tellsCost: false,
  outputCeiling: null,
};

/** The same for ten times the price. */
export const dimes: PricedTarget = {
  ...cents,
  price: { input: 0, output: 100_000, cacheRead: null, cacheWrite: null },
};

export const nothingSpent: Spent = { usd: 0, unknown: { requests: 0, promptTokens: 0, outputTokens: 0 } };

/** Asserts that the URL is one of a shared record. */
export function sharedUrl(url: string): SharedRecordUrl {
  return `postgres://${url.replace(/^postgres:\/\//, "")}`;
}

/** A database with the tables in it. */
export async function createShared(name: string) {
  const server = await sharePostgres();
  const url = sharedUrl(await server.createDatabase(name));
  const postgres = openPostgres({ url, name: "test", connections: 4, timeoutMs: 10_000 });
  await migrate(postgres);
  return {
    server,
    url,
    postgres,
    settle: (request: string, charges: readonly SpendingCharge[]) => settle(postgres, request, charges),
    counters: () => readCounters(postgres),
    [Symbol.asyncDispose]: () => postgres.close(),
  };
}

/** Adds a request to the record as its writer does, with its charges. */
async function settle({ query }: Postgres, request: string, charges: readonly SpendingCharge[]) {
  await query(
    `with added as (
      insert into proxy_requests
        (id, time, path, status, usage_estimated, received_bytes, answer_bytes, duration_ms, sends)
      values ($1::text, 1, '/v1/messages', 200, 0, 0, 0, 0, 1)
      on conflict do nothing
      returning id
    ), ${settleCharges("added", "$2")}
    select count(*)::int4 as added from added`,
    [request, JSON.stringify(charges.map((charge) => ({ request, ...charge })))],
  );
}

/** Each counter in cents, and whether what it holds reserved is the sum of its reservations. */
async function readCounters({ query }: Postgres) {
  const rows = await query(
    `select s.client, s.period, s.start,
      s.spent_picousd / 1e10::float8 as spent, s.reserved_picousd / 1e10::float8 as reserved,
      coalesce(sum(r.picousd), 0)::int8 / 1e10::float8 as held
    from proxy_spending s left join proxy_reservations r using (client, period, start)
    group by s.client, s.period, s.start order by s.client, s.period, s.start`,
  );
  return rows.map(({ client, period, start, spent, reserved, held }) => ({
    name: [client === "" ? "everybody" : client, period, period === "session" ? start : ""].join(" ").trim(),
    spent: Number(spent),
    reserved: Number(reserved),
    held: Number(held),
  }));
}

/** One of the instances at a database. */
export function startInstance(
  config: Config,
  options: Partial<SharedBudgetsOptions> & { url: SharedRecordUrl; instance: string },
) {
  const warnings: string[] = [];
  const budgets: SharedBudgets = createSharedBudgets(config, {
    findSpent: async () => nothingSpent,
    warn: (event, fields) => void warnings.push(`${event} ${JSON.stringify(fields)}`),
    times: { waitMs: 10_000 },
    ...options,
  });
  return {
    budgets,
    warnings,
    /** Asks for so many cents; gives the refusal, or null. */
    admit: (requestId: string, mostCents: number, spender: Partial<Spender> = {}) =>
      refusalOf(async () => {
        const measure = () => ({ input: 10, output: mostCents });
        const admit = await budgets.admit(
          { client: null, sessionId: null, ...spender },
          { requestId, measure },
        );
        await admit?.(cents);
      }),
    /** Goes on to another target. */
    admitNext: (requestId: string, target: PricedTarget) =>
      refusalOf(async () => void (await budgets.admitNext(requestId, target))),
    /** The charges of a request that has ended. */
    end(requestId: string, costCents: number, by: Partial<Spender> & { time?: Date } = {}) {
      const { client = null, sessionId = null, time = new Date() } = by;
      const ended = endedExchange({
        requestId,
        time,
        client,
        sessionId,
        costUsd: costCents / 100,
        attempts: 1,
      });
      budgets.end(ended);
      return ended.trace.charges;
    },
  };
}

async function refusalOf(work: () => Promise<void>): Promise<ApiError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
