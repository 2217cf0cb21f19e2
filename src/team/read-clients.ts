import type { SharedClients } from "../config/shared-clients.ts";
import type { QueryRows } from "../postgres/postgres.ts";
import { clientColumns, parseClient } from "./client-row.ts";

/** The clients of the shared database, in the order of their names. Rejects with a PostgresError. */
export async function readClients(query: QueryRows): Promise<SharedClients> {
  const rows = await query(
    `select ${clientColumns}, removed is not null as is_removed from proxy_clients order by name`,
  );
  const present = rows.filter((row) => row["is_removed"] !== true);
  return {
    clients: present.flatMap((row) => parseClient(row) ?? []),
    state: rows.length === 0 ? "empty" : "begun",
  };
}
