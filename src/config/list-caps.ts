import type { Config } from "./config.ts";
import { listClients, listOwnClients } from "./list-upstreams.ts";

/** What may be spent: by whom, and in which time. */
export interface SpendingCap {
  /** `day of everybody`, `month of web-team`, `session`: what people read. */
  readonly name: string;
  readonly period: "day" | "month" | "session";
  /** The client that it holds for; null for everybody. */
  readonly client: string | null;
  readonly limitUsd: number;
  /** What a user changes to have another limit: no two caps have the same. */
  readonly setting: string;
}

/** The caps of a configuration; none if nobody has set one. */
export function listCaps(config: CapSettings): SpendingCap[] {
  const { budgetUsdPerDay, budgetUsdPerSession } = config;
  const caps: SpendingCap[] = [];
  const add = (limitUsd: number | null | undefined, cap: Omit<SpendingCap, "limitUsd">) => {
    if (limitUsd != null) caps.push({ ...cap, limitUsd });
  };
  const everybody = { client: null };
  add(budgetUsdPerDay, {
    name: "day of everybody",
    period: "day",
    setting: "BUDGET_USD_PER_DAY",
    ...everybody,
  });
  add(budgetUsdPerSession, {
    name: "session",
    period: "session",
    setting: "BUDGET_USD_PER_SESSION",
    ...everybody,
  });
  const own = new Set(listOwnClients(config).map(({ name }) => name));
  for (const { name: client, usdPerDay, usdPerMonth } of listClients(config)) {
    const of = (period: "day" | "month") => ({
      name: `${period} of ${client}`,
      period,
      client,
      setting: own.has(client)
        ? `clients.${client}.usd_per_${period}`
        : `usd_per_${period} with claude-proxy clients change ${client}`,
    });
    add(usdPerDay, of("day"));
    add(usdPerMonth, of("month"));
  }
  return caps;
}

type CapSettings = Pick<
  Config,
  "budgetUsdPerDay" | "budgetUsdPerSession" | "file" | "proxyApiKey" | "shared"
>;
