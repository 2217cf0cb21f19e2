import type { ClientSettings } from "../config/file-config.ts";
import type { JsonObject } from "../json/json-value.ts";
import type { QueryRows, SqlValue } from "../postgres/postgres.ts";
import { PostgresError } from "../postgres/postgres-error.ts";
import { clientColumns, parseClient } from "./client-row.ts";
import { noteChange } from "./revisions.ts";

/** What may be changed of a client. Left out: it stays as it is. */
export type ClientChanges = Partial<Omit<ClientSettings, "name">>;

/** A client, and what a person wants to see beside it. */
export interface ListedClient {
  readonly client: ClientSettings;
  readonly createdMs: number;
  /** Of a client with a cap for a day; null where nothing was counted today. */
  readonly spentTodayUsd: number | null;
}

const uniqueViolation = "23505";
const picodollars = 1e12;

/** In the order in which a new client has them. */
const memberNames = [
  "keyDigest",
  "usdPerDay",
  "usdPerMonth",
  "requestsPerMinute",
  "models",
  "admin",
] as const satisfies readonly (keyof ClientChanges)[];

/** Adds a client. False if there is one of that name. Rejects with a PostgresError. */
export async function addClient(query: QueryRows, client: ClientSettings): Promise<boolean> {
  try {
    await query(
      `with noted as (${noteChange("clients")})
       insert into proxy_clients (${clientColumns})
       values ($1, $2, $3::text::float8, $4::text::float8, $5::text::int4, $6::text::jsonb, $7::text::boolean)`,
      [client.name, ...memberNames.map((member) => toSql(client[member]))],
    );
    return true;
  } catch (error) {
    if (error instanceof PostgresError && error.sqlState === uniqueViolation) return false;
    throw error;
  }
}

/** The column of each member, with its type. */
const columns = {
  keyDigest: ["key_digest", "text"],
  usdPerDay: ["usd_per_day", "float8"],
  usdPerMonth: ["usd_per_month", "float8"],
  requestsPerMinute: ["requests_per_minute", "int4"],
  models: ["models", "jsonb"],
  admin: ["admin", "boolean"],
} as const satisfies Record<keyof ClientChanges, readonly [string, string]>;

/** Changes a client. False if there is none of that name. Rejects with a PostgresError. */
export async function changeClient(query: QueryRows, name: string, changes: ClientChanges): Promise<boolean> {
  const settings: string[] = [];
  const values: SqlValue[] = [name];
  for (const member of memberNames) {
    const value = changes[member];
    if (value === undefined) continue;
    values.push(toSql(value));
    const [column, type] = columns[member];
    settings.push(`${column} = $${values.length}::text::${type}`);
  }
  return await update(query, settings.join(", "), values);
}

/** Removes a client. False if there is none of that name. Rejects with a PostgresError. */
export async function removeClient(query: QueryRows, name: string): Promise<boolean> {
  return await update(query, "removed = now()", [name]);
}

/** Others are told only of a change that was made. */
async function update(query: QueryRows, setting: string, values: readonly SqlValue[]): Promise<boolean> {
  const rows = await query(
    `with changed as (
       update proxy_clients set ${setting} where name = $1 and removed is null returning name
     ), noted as (${noteChange("clients")} and exists (select from changed))
     select name from changed`,
    values,
  );
  return rows.length > 0;
}

/**
 * The clients that may ask, in the order of their names. Rejects with a PostgresError.
 * @param today the day whose spending is wanted, as 2026-11-30
 */
export async function listClients(query: QueryRows, today: string): Promise<ListedClient[]> {
  const rows = await query(
    `select c.*, (extract(epoch from c.created) * 1000)::int8 as created_ms, s.spent_picousd
     from proxy_clients c
     left join proxy_spending s on s.client = c.name and s.period = 'day' and s.start = $1
     where c.removed is null order by c.name`,
    [today],
  );
  return rows.flatMap((row) => parseListed(row) ?? []);
}

function parseListed(row: JsonObject): ListedClient | null {
  const client = parseClient(row);
  const { created_ms: createdMs, spent_picousd: spent } = row;
  if (client === null || typeof createdMs !== "number") return null;
  return { client, createdMs, spentTodayUsd: typeof spent === "number" ? spent / picodollars : null };
}

/** As a text, whose type the statement names. */
function toSql(value: ClientSettings[keyof ClientSettings]): SqlValue {
  if (value === null || typeof value === "string") return value;
  return JSON.stringify(value);
}
