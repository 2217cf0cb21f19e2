import { isSharedRecord } from "../../config/record-place.ts";
import type { QueryRows } from "../../postgres/postgres.ts";
import { CommandError } from "../command-error.ts";
import { type ConfigFlags, readConfigFlags } from "../config/config-flags.ts";

const longestMs = 10_000;

/**
 * Does something with the clients of the shared record that these settings name.
 * @throws ConfigError for a wrong RECORD, CommandError without a shared record or if the database fails
 */
export async function withClients<Result>(
  flags: ConfigFlags,
  work: (query: QueryRows) => Promise<Result>,
): Promise<Result> {
  const { loadRecordPlace } = await import("../../config/load-record-place.ts");
  const record = await loadRecordPlace(readConfigFlags(flags));
  if (!isSharedRecord(record)) throw new CommandError(noSharedRecord, 2);
  const { nameSharedRecord } = await import("../../config/record-place.ts");
  const { describePostgresFault } = await import("../../postgres/describe-postgres-fault.ts");
  const { checkVersion } = await import("../../postgres/migrate.ts");
  const { openPostgres } = await import("../../postgres/open-postgres.ts");
  const { PostgresError } = await import("../../postgres/postgres-error.ts");
  const place = nameSharedRecord(record);
  const postgres = openPostgres({
    url: record,
    name: "claude-proxy clients",
    connections: 1,
    timeoutMs: longestMs,
  });
  try {
    const state = await checkVersion(postgres);
    if (state !== "usable") throw new CommandError(describeState(state, place), 1);
    return await work(postgres.query);
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    throw new CommandError(describePostgresFault(error, place), 1, { cause: error });
  } finally {
    await postgres.close();
  }
}

const noSharedRecord =
  "These clients are in a shared record, and RECORD names none.\n" +
  "Without one, clients are in config.yaml. With one: put RECORD=postgres://USER:PASSWORD@HOST/DATABASE into the .env";

function describeState(state: "missing" | "older", place: string): string {
  return state === "missing"
    ? `The database ${place} has no tables yet. Start a proxy with it in RECORD first: claude-proxy serve`
    : `The tables of ${place} are those of an earlier version. Start a proxy of this version with it first.`;
}
