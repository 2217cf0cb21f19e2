import type { Database } from "bun:sqlite";
import { rmSync } from "node:fs";
import { openSpoolFile } from "./open-spool-file.ts";
import { type BatchLimits, countOldest, type RowQueue, takeOldest } from "./row-queue.ts";
import { countRowBytes, type SpooledRow } from "./spooled-row.ts";

/** What was sent may stay in the file until it is so much: to delete it each time would cost as much as to write it. */
const mostSentBytes = 1_000_000;

/** So much of what waits is kept in memory, too: as long as the database takes it, nothing is read from the file. */
const mostRecentBytes = 1_000_000;

/** The file, and what SQLite keeps beside it. */
const companions = ["", "-wal", "-shm"];

/** Opens a file of rows, which is this process's alone from now on. Throws as `openSpoolFile` does. */
export function createSpoolFile(path: string): RowQueue {
  return new SpoolFile(path, openSpoolFile(path));
}

/** The same for a path at which nothing was before: nothing is left there if it throws, as it does on a full disk. */
export function createNewSpoolFile(path: string): RowQueue {
  try {
    return createSpoolFile(path);
  } catch (error) {
    removeFiles(path);
    throw error;
  }
}

function removeFiles(path: string): void {
  for (const ending of companions) rmSync(path + ending, { force: true });
}

class SpoolFile implements RowQueue {
  count: number;
  bytes: number;
  readonly #path: string;
  readonly #database: Database;
  /** The rows have numbers without a gap: up to this one they were sent, */
  #sentSeq: number;
  /** and this is the newest. */
  #lastSeq: number;
  #sentBytes = 0;
  /** All that waits; null when it is too much, or was in the file before. */
  #recent: readonly SpooledRow[] | null = null;
  /** The oldest rows, as they were read last. */
  #oldest: readonly SpooledRow[] = [];

  constructor(path: string, database: Database) {
    this.#path = path;
    this.#database = database;
    const kept = database
      .prepare<{ count: number; bytes: number; first: number; last: number }, []>(
        `select count(*) count, coalesce(sum(size), 0) bytes, coalesce(min(seq), 1) first, coalesce(max(seq), 0) last
        from requests`,
      )
      .get();
    this.count = kept?.count ?? 0;
    this.bytes = kept?.bytes ?? 0;
    this.#sentSeq = (kept?.first ?? 1) - 1;
    this.#lastSeq = kept?.last ?? 0;
  }

  append(rows: readonly SpooledRow[]): void {
    const waiting = this.count === 0 ? [] : this.#recent;
    // A number is never used again, also when all before it are deleted.
    this.bytes += insertRows(this.#database, rows, this.#lastSeq + 1);
    this.#lastSeq += rows.length;
    this.count += rows.length;
    this.#recent = waiting === null || this.bytes > mostRecentBytes ? null : [...waiting, ...rows];
  }

  read(limits: BatchLimits): readonly SpooledRow[] {
    this.#oldest =
      this.#recent === null
        ? readRows(this.#database, this.#sentSeq, limits)
        : takeOldest(this.#recent, limits);
    return this.#oldest;
  }

  forget(count: number): void {
    const gone = this.#oldest.slice(0, count);
    this.#oldest = this.#oldest.slice(count);
    this.#recent = this.#recent?.slice(gone.length) ?? null;
    this.#sentSeq += gone.length;
    const goneBytes = gone.reduce((sum, row) => sum + countRowBytes(row), 0);
    this.count -= gone.length;
    this.bytes -= goneBytes;
    this.#sentBytes += goneBytes;
    if (this.#sentBytes >= mostSentBytes) this.#tidy();
  }

  close(): void {
    if (this.#sentBytes > 0 && this.count > 0) this.#tidy();
    this.#database.close(true);
    // Who takes it between the two finds nothing that is not in the database.
    if (this.count === 0) removeFiles(this.#path);
  }

  /** A full disk keeps what was sent from being deleted, too: it is left out when rows are read. */
  #tidy(): void {
    try {
      if (this.count === 0) this.#database.run("delete from requests");
      else this.#database.query("delete from requests where seq <= ?").run(this.#sentSeq);
      this.#sentBytes = 0;
    } catch {
      // It is tried again after the next rows, and whoever finds them sends them a second time, which changes nothing.
    }
  }
}

/** All or none, the first one with this number. @returns their bytes */
function insertRows(database: Database, rows: readonly SpooledRow[], firstSeq: number): number {
  const insert = database.query(
    "insert into requests (seq, size, id, time, request, bodies, charges, content) values (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  let bytes = 0;
  database
    .transaction(() => {
      for (const [at, row] of rows.entries()) {
        const size = countRowBytes(row);
        const { id, time, request, bodies, charges, content } = row;
        insert.run(firstSeq + at, size, id, time, request, bodies, charges, content);
        bytes += size;
      }
    })
    .immediate();
  return bytes;
}

function readRows(database: Database, sentSeq: number, limits: BatchLimits): readonly SpooledRow[] {
  const sizes = database
    .query<{ size: number }, [number, number]>("select size from requests where seq > ? order by seq limit ?")
    .all(sentSeq, limits.requests);
  const count = countOldest(
    sizes.map(({ size }) => size),
    limits,
  );
  return database
    .query<SpooledRow, [number, number]>(
      "select id, time, request, bodies, charges, content from requests where seq > ? order by seq limit ?",
    )
    .all(sentSeq, count);
}
