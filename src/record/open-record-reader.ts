import type { RecordFilter } from "./record-filter.ts";
import type { ListQuery, LocalRecordReader, ReadNote, Spent } from "./record-reader.ts";
import type { SqlCondition } from "./sqlite/build-condition.ts";
import { createReadConnection } from "./sqlite/read-connection.ts";
import { readExchange } from "./sqlite/read-exchange.ts";
import { readExtent, readList } from "./sqlite/read-list.ts";
import { readSessions } from "./sqlite/read-sessions.ts";
import { readSpent, readSums } from "./sqlite/read-sums.ts";
import { buildOneOf, searchBodies } from "./sqlite/search-bodies.ts";

const nothingSpent: Spent = { usd: 0, unknown: { requests: 0, promptTokens: 0, outputTokens: 0 } };

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
    return [buildOneOf(seqs)];
  };

  return {
    async list(query, note) {
      const more = await search(query.filter, query, note);
      return connection.read((database) => readList(database, query, more)) ?? [];
    },
    async find(requestId) {
      return connection.read((database) => readExchange(database, requestId));
    },
    async sum(query, note) {
      const more = await search(query.filter, {}, note);
      return connection.read((database) => readSums(database, query, more)) ?? [];
    },
    async sessions(query, note) {
      const more = await search(query.filter, {}, note);
      return connection.read((database) => readSessions(database, query, more)) ?? [];
    },
    async extent() {
      return connection.read(readExtent) ?? { requests: 0, firstMs: null };
    },
    async spent(query) {
      return connection.read((database) => readSpent(database, query)) ?? nothingSpent;
    },
    async close() {
      connection.close();
    },
  };
}

const cutNote =
  "The search ended after 5 seconds or 200 MB of bodies, so older requests were not searched. Narrow it down, for " +
  "example with since:2h or model:glm*.";
