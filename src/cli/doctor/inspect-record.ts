import { isSharedRecord, nameSharedRecord } from "../../config/record-place.ts";
import { describePostgresFault } from "../../postgres/describe-postgres-fault.ts";
import { checkVersion } from "../../postgres/migrate.ts";
import { openPostgres } from "../../postgres/open-postgres.ts";
import type { QueryRows } from "../../postgres/postgres.ts";
import type { SetupFinding } from "./setup-finding.ts";

/** So long a start waits for it at most. */
const longestMs = 10_000;

/**
 * Whether the database of a shared record answers, has this version's tables, or takes them from this user, and whether
 * the way to it is encrypted. Nothing for a record in the state folder; nothing is changed there.
 * @param record the setting `RECORD`
 */
export async function inspectRecord(record: string): Promise<SetupFinding[]> {
  if (!isSharedRecord(record)) return [];
  const subject = "record";
  const place = nameSharedRecord(record);
  const postgres = openPostgres({
    url: record,
    name: "claude-proxy doctor",
    connections: 1,
    timeoutMs: longestMs,
  });
  try {
    const state = await checkVersion(postgres);
    const way = (await isEncrypted(postgres.query)) ? "encrypted" : "not encrypted";
    const answers = `the database ${place} answers, ${way}`;
    if (state === "usable") return [{ subject, standing: "ok", text: answers }];
    if (state === "missing" && !(await mayMakeTables(postgres.query))) {
      const text = `the user in RECORD may make no tables in ${place}. Grant it CREATE and USAGE on the schema`;
      return [{ subject, standing: "fails", text }];
    }
    const next =
      state === "missing" ? "the next start makes its tables" : "the next start brings its tables up to date";
    return [{ subject, standing: "ok", text: `${answers}; ${next}` }];
  } catch (error) {
    return [{ subject, standing: "fails", text: describePostgresFault(error, place) }];
  } finally {
    await postgres.close();
  }
}

async function isEncrypted(query: QueryRows): Promise<boolean> {
  const rows = await query("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
  return rows[0]?.["ssl"] === true;
}

/** Without `USAGE` there is no current schema. */
async function mayMakeTables(query: QueryRows): Promise<boolean> {
  const rows = await query(
    "select coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as allowed",
  );
  return rows[0]?.["allowed"] === true;
}
