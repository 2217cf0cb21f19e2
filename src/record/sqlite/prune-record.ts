import type { Database } from "bun:sqlite";
import { readNumber } from "./open-record-file.ts";

export interface PruneLimits {
  /** Requests before this go: milliseconds since 1970. */
  readonly oldestMs: number;
  /** What the file may hold. */
  readonly maxBytes: number;
}

/** Requests that one step takes out: by age, and by size, where each may have large messages. */
const mostByAge = 500;
const mostBySize = 100;
/** Pages that one step gives back to the disk: 1 MB. */
const mostPages = 256;

/**
 * Makes the record one step smaller, in a transaction that takes milliseconds. Throws SQLiteError.
 * @returns whether there is more to do
 */
export function pruneStep(database: Database, { oldestMs, maxBytes }: PruneLimits): boolean {
  if (deleteOldest(database, { before: oldestMs, most: mostByAge }) > 0) return true;
  const isTooLarge = countUsedBytes(database) > maxBytes;
  if (isTooLarge && deleteOldest(database, { before: Number.MAX_SAFE_INTEGER, most: mostBySize }) > 0)
    return true;
  if (readNumber(database, "freelist_count") === 0) return false;
  database.prepare(`pragma incremental_vacuum(${mostPages})`).all();
  return readNumber(database, "freelist_count") > 0;
}

/** Bytes of the pages that hold something. */
function countUsedBytes(database: Database): number {
  const pages = readNumber(database, "page_count") - readNumber(database, "freelist_count");
  return pages * readNumber(database, "page_size");
}

function deleteOldest(database: Database, { before, most }: { before: number; most: number }): number {
  return database
    .transaction(() => {
      const found = database
        .query<{ seq: number }, [number, number]>(
          "select seq from requests where time < ? order by time, seq limit ?",
        )
        .all(before, most);
      if (found.length === 0) return 0;
      const list = JSON.stringify(found.map(({ seq }) => seq));
      database.query("delete from bodies where seq in (select value from json_each(?))").run(list);
      database.query("delete from requests where seq in (select value from json_each(?))").run(list);
      return found.length;
    })
    .immediate();
}
