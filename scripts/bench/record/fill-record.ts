import { randomUUID } from "node:crypto";
import { openRecordFile } from "../../../src/record/sqlite/open-record-file.ts";
import { listValues } from "../../../src/record/sqlite/request-columns.ts";
import { writeRequests } from "../../../src/record/sqlite/write-requests.ts";
import { createRandom } from "../../../test/support/random.ts";
import { writeRequestOf } from "./request-of-agent.ts";

const days = 14;
const requestsOfSession = 200;
const dayMs = 86_400_000;
/** About what the thread writes at once under load. */
const batchLength = 200;

/** Writes so many requests of the last 14 days into a new record, as the proxy's own thread writes them; without bodies. */
export function fillRecord(path: string, count: number): void {
  const random = createRandom(16);
  const database = openRecordFile(path);
  const startMs = Date.now() - days * dayMs;
  const sessions = Array.from({ length: Math.ceil(count / requestsOfSession) }, () => randomUUID());
  const rows = Array.from({ length: count }, (_, index) => {
    // Several sessions at a time, as several people work.
    const session = Math.floor(index / requestsOfSession / 4) * 4 + Math.floor(random() * 4);
    const request = writeRequestOf({
      timeMs: Math.floor(startMs + (index / count) * days * dayMs),
      sessionId: sessions[session % sessions.length] ?? "",
      random,
    });
    return { values: listValues(request, (text, longest) => text.slice(0, longest)), bodies: [] };
  });
  for (let from = 0; from < count; from += batchLength) {
    writeRequests(database, rows.slice(from, from + batchLength));
  }
  database.close(true);
}
