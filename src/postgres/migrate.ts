import { migrations } from "./migrations.ts";
import type { Postgres, QueryRows } from "./postgres.ts";
import { PostgresError } from "./postgres-error.ts";

/** One instance makes the tables; the others wait for it. Any number that nobody else uses. */
const lockKey = 7_355_408_217;
const longestWaitMs = 60_000;
const longestLockMs = 5_000;
/** A program that has vanished between two statements keeps its locks until the server gives it up. */
const longestSilenceMs = 5_000;
const versionTable = "claude_proxy_version";
/** So many versions the tables may be ahead of the program. */
const mostAhead = 1;

/** How the tables of a database stand to this program. */
export type SchemaState = "missing" | "older" | "usable";

/**
 * Makes the tables, or brings them up to date, all or nothing; instances that begin at once wait for each other. Rejects
 * with a PostgresError, `newer` if they are more than one version ahead.
 */
export async function migrate(postgres: Postgres, steps: readonly string[] = migrations): Promise<void> {
  if ((await checkVersion(postgres, steps)) === "usable") return;
  await postgres.transaction(async (query) => {
    const how = { timeoutMs: longestWaitMs };
    await query(`set local idle_in_transaction_session_timeout = ${longestSilenceMs}`);
    await query("select pg_advisory_xact_lock($1::int8)", [lockKey], how);
    // Asked whether there is such a table, the server would still say no from its cache.
    await query(`create table if not exists ${versionTable} (version int4 not null)`);
    const version = await readNumber(query);
    if (version >= steps.length) return;
    // Whoever waits for a table's lock keeps all others waiting behind it.
    await query(`set local lock_timeout = ${longestLockMs}`);
    for (const step of steps.slice(version)) await query(step, [], how);
    await query(`delete from ${versionTable}`);
    await query(`insert into ${versionTable} values ($1::int4)`, [steps.length]);
  });
}

/** How the tables stand to this program, for those who only read. Rejects as `migrate` does. */
export async function checkVersion(
  { query }: Pick<Postgres, "query">,
  steps: readonly string[] = migrations,
): Promise<SchemaState> {
  const version = await readVersion(query);
  if (version > steps.length + mostAhead) {
    throw new PostgresError(
      "newer",
      `its tables have version ${version}, and this program knows ${steps.length}. Update the program`,
    );
  }
  if (version === 0) return "missing";
  return version < steps.length ? "older" : "usable";
}

/** 0 without tables. */
async function readVersion(query: QueryRows): Promise<number> {
  const found = await query("select to_regclass($1::text) is not null as found", [versionTable]);
  return found[0]?.["found"] === true ? await readNumber(query) : 0;
}

async function readNumber(query: QueryRows): Promise<number> {
  const version = (await query(`select max(version) as version from ${versionTable}`))[0]?.["version"];
  return typeof version === "number" ? version : 0;
}
