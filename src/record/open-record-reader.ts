import type { RecordFilter } from "./record-filter.ts";
import type { RecordPlace } from "./record-place.ts";
import type { ListQuery, LocalRecordReader, ReadNote } from "./record-reader.ts";
import type { SqlCondition } from "./sql/build-condition.ts";
import { readExchange } from "./sql/read-exchange.ts";
import { readExtent, readList } from "./sql/read-list.ts";
import { readSessions } from "./sql/read-sessions.ts";
import { readSpent, readSums } from "./sql/read-sums.ts";
import type { RecordConnection, RecordDatabase } from "./sql/record-database.ts";
import { buildOneOf, searchBodies } from "./sql/search-bodies.ts";
import { createReadConnection } from "./sqlite/read-connection.ts";

/**
 * Opens the record at this place for reading, in this thread: a question to a file waits for the disk, and for nobody
 * else. Nothing is changed. Without a file or tables, or as long as there are no requests, all answers are empty. The
 * questions throw RecordReadError for a file that is damaged or locked, a database that cannot be reached or does not
 * answer in time, and for what has another version; the message says what to do.
 */
export function openRecordReader(place: RecordPlace): LocalRecordReader {
  let opening: Promise<RecordConnection> | null = null;
  const connect = (): Promise<RecordConnection> => {
    opening ??= openConnection(place);
    return opening;
  };

  const use = async <Value>(ask: (database: RecordDatabase) => Promise<Value>): Promise<Value> => {
    return await (await connect()).use(ask);
  };

  return {
    list: (query, note) =>
      use(async (database) => readList(database, query, await search(database, query.filter, query, note))),
    find: (requestId) => use((database) => readExchange(database, requestId)),
    sum: (query, note) =>
      use(async (database) => readSums(database, query, await search(database, query.filter, {}, note))),
    sessions: (query, note) =>
      use(async (database) => readSessions(database, query, await search(database, query.filter, {}, note))),
    async hasBegun() {
      return await (await connect()).hasBegun();
    },
    extent: () => use(readExtent),
    spent: (query) => use((database) => readSpent(database, query)),
    async close() {
      if (opening !== null) await (await opening).close();
    },
  };
}

/** What remains of the requests once the words of bodies were searched for. */
async function search(
  database: RecordDatabase,
  filter: RecordFilter,
  page: Partial<ListQuery>,
  note: ReadNote | undefined,
): Promise<readonly SqlCondition[]> {
  if (filter.bodyWords.length === 0) return [];
  const everything = { limit: Number.POSITIVE_INFINITY, before: null, afterSeq: null };
  const { seqs, isCut } = await searchBodies(database, { ...everything, ...page, filter });
  if (isCut) note?.(cutNote);
  return [buildOneOf(database.dialect, seqs)];
}

/** What only a shared record needs is loaded for one alone. */
async function openConnection(place: RecordPlace): Promise<RecordConnection> {
  if (place.kind === "file") return createReadConnection(place.path);
  const { createSharedConnection } = await import("./postgres/create-shared-connection.ts");
  return createSharedConnection(place.url);
}

const cutNote =
  "The search ended after 5 seconds or 200 MB of bodies, so older requests were not searched. Narrow it down, for " +
  "example with since:2h or model:glm*.";
