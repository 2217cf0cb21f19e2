import type { Database } from "bun:sqlite";
import { readNumber } from "./open-record-file.ts";

export interface PruneLimits {
  /** Requests before this go: milliseconds since 1970. */
  readonly oldestMs: number;
  /** What the pages of the file may hold. */
  readonly maxBytes: number;
}

/** Requests that one step takes out, and bytes, as each request may have large messages. */
const mostRequests = 500;
const mostBytes = 2_000_000;
/** About what a request takes beside its messages: its columns and indexes. */
export const rowBytes = 600;
/** Pages that one step gives back to the disk: 1 MB. */
const mostPages = 256;

/**
 * Makes the record one step smaller, in a transaction that takes milliseconds. Throws SQLiteError.
 * @returns whether there is more to do
 */
export function pruneStep(database: Database, { oldestMs, maxBytes }: PruneLimits): boolean {
  if (deleteOldest(database, { before: oldestMs, bytes: mostBytes }) > 0) return true;
  if (deleteExcess(database, maxBytes)) return true;
  if (readNumber(database, "freelist_count") === 0) return false;
  database.prepare(`pragma incremental_vacuum(${mostPages})`).all();
  if (readNumber(database, "freelist_count") > 0) return true;
  shrinkFiles(database);
  return false;
}

/**
 * Takes out the oldest requests if the file holds more, as many as one step can. Throws SQLiteError.
 * @returns whether it has taken out any
 */
export function deleteExcess(database: Database, maxBytes: number): boolean {
  const excessBytes = countUsedBytes(database) - maxBytes;
  if (excessBytes <= 0) return false;
  const bytes = Math.min(excessBytes, mostBytes);
  return deleteOldest(database, { before: Number.MAX_SAFE_INTEGER, bytes }) > 0;
}

/** Bytes of the pages that hold something. */
function countUsedBytes(database: Database): number {
  const pages = readNumber(database, "page_count") - readNumber(database, "freelist_count");
  return pages * readNumber(database, "page_size");
}

/** Takes out the oldest requests until about so many bytes are free. */
function deleteOldest(database: Database, { before, bytes }: { before: number; bytes: number }): number {
  return database
    .transaction(() => {
      const found = database
        .query<{ seq: number; bytes: number }, [number, number, number]>(
          `select seq, ? + coalesce((select sum(length(content)) from bodies where bodies.seq = requests.seq), 0) as bytes
            from requests where time < ? order by time, seq limit ?`,
        )
        .all(rowBytes, before, mostRequests);
      if (found.length === 0) return 0;
      let count = 0;
      for (let freedBytes = 0; count < found.length && freedBytes < bytes; count += 1) {
        freedBytes += found[count]?.bytes ?? 0;
      }
      const list = JSON.stringify(found.slice(0, count).map(({ seq }) => seq));
      database.query("delete from bodies where seq in (select value from json_each(?))").run(list);
      database.query("delete from requests where seq in (select value from json_each(?))").run(list);
      return count;
    })
    .immediate();
}

/** Gives back to the disk what the file and its log no longer need. Whoever reads at this moment is not waited for. */
function shrinkFiles(database: Database): void {
  const waitMs = database.prepare<{ timeout: number }, []>("pragma busy_timeout").get()?.timeout ?? 0;
  database.run("pragma busy_timeout = 0");
  try {
    database.prepare("pragma wal_checkpoint(truncate)").all();
  } finally {
    database.run(`pragma busy_timeout = ${waitMs}`);
  }
}
