import { openRecordFile } from "../../../src/record/sqlite/open-record-file.ts";
import { listValues } from "../../../src/record/sqlite/request-columns.ts";
import { type RequestRow, writeRequests } from "../../../src/record/sqlite/write-requests.ts";
import { writeRequestsOfDays } from "./requests-of-days.ts";

/** About what the thread writes at once under load. */
const batchLength = 200;

/** Writes so many requests of the last 14 days into a new record, as the proxy's own thread writes them; without bodies. */
export function fillRecord(path: string, count: number): void {
  const database = openRecordFile(path);
  let rows: RequestRow[] = [];
  for (const request of writeRequestsOfDays(count)) {
    rows.push({ values: listValues(request, (text, longest) => text.slice(0, longest)), bodies: [] });
    if (rows.length < batchLength) continue;
    writeRequests(database, rows);
    rows = [];
  }
  writeRequests(database, rows);
  database.close(true);
}
