import type { RecordFilter } from "./record-filter.ts";
import type { ListQuery, LocalRecordReader, ReadNote } from "./record-reader.ts";
import type { SqlCondition } from "./sql/build-condition.ts";
import { readExchange } from "./sql/read-exchange.ts";
import { readExtent, readList } from "./sql/read-list.ts";
import { readSessions } from "./sql/read-sessions.ts";
import { readSpent, readSums } from "./sql/read-sums.ts";
import { buildOneOf, searchBodies } from "./sql/search-bodies.ts";
import { createReadConnection } from "./sqlite/read-connection.ts";

/**
 * Opens the record at this path for reading, in this thread: a question waits for the disk, and for nobody else. The
 * file is not changed. Without a file, or as long as it has no requests, all answers are empty. The questions throw
 * RecordReadError for a file that is damaged, locked or of another version; the message says what to do.
 */
export function openRecordReader(path: string): LocalRecordReader {
  const connection = createReadConnection(path);

  /** What remains of the requests once the words of bodies were searched for. */
  const search = async (
    filter: RecordFilter,
    page: Partial<ListQuery>,
    note: ReadNote | undefined,
  ): Promise<readonly SqlCondition[]> => {
    if (filter.bodyWords.length === 0) return [];
    const everything = { limit: Number.POSITIVE_INFINITY, before: null, afterSeq: null };
    const { seqs, isCut } = await searchBodies(connection, { ...everything, ...page, filter });
    if (isCut) note?.(cutNote);
    return [buildOneOf(connection.dialect, seqs)];
  };

  return {
    async list(query, note) {
      const more = await search(query.filter, query, note);
      return await readList(connection, query, more);
    },
    async find(requestId) {
      return await readExchange(connection, requestId);
    },
    async sum(query, note) {
      const more = await search(query.filter, {}, note);
      return await readSums(connection, query, more);
    },
    async sessions(query, note) {
      const more = await search(query.filter, {}, note);
      return await readSessions(connection, query, more);
    },
    async extent() {
      return await readExtent(connection);
    },
    async spent(query) {
      return await readSpent(connection, query);
    },
    async close() {
      connection.close();
    },
  };
}

const cutNote =
  "The search ended after 5 seconds or 200 MB of bodies, so older requests were not searched. Narrow it down, for " +
  "example with since:2h or model:glm*.";
