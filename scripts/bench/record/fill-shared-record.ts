import { migrate } from "../../../src/postgres/migrate.ts";
import { openPostgres } from "../../../src/postgres/open-postgres.ts";
import { insertRequests } from "../../../src/record/postgres/insert-requests.ts";
import type { SpooledRow } from "../../../src/record/spool/spooled-row.ts";
import { listValues } from "../../../src/record/sqlite/request-columns.ts";
import { buildSpooledRow } from "../../../src/record/writing/build-spooled-row.ts";
import { writeRequestsOfDays } from "./requests-of-days.ts";

/** The most that an instance sends at once. */
const batchLength = 400;
const timeoutMs = 60_000;

/**
 * Writes so many requests of the last 14 days into a new shared record, as an instance sends them, without bodies. Then
 * the table is vacuumed, as the server does by itself in its own time.
 */
export async function fillSharedRecord(url: string, count: number): Promise<void> {
  const postgres = openPostgres({ url, name: "bench", connections: 1, timeoutMs });
  await migrate(postgres);
  let rows: SpooledRow[] = [];
  const send = async () => {
    if (rows.length > 0) await insertRequests(postgres.query, rows, { timeoutMs });
    rows = [];
  };
  for (const request of writeRequestsOfDays(count)) {
    const values = listValues(request, (text, longest) => text.slice(0, longest));
    rows.push(buildSpooledRow({ values, bodies: [], charges: [] }, "bench"));
    if (rows.length === batchLength) await send();
  }
  await send();
  await postgres.query("vacuum (analyze) proxy_requests", [], { timeoutMs });
  await postgres.close();
}
