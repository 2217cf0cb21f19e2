import { Database } from "bun:sqlite";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { NewerRecordError, readNumber, takePrivately } from "../sqlite/open-record-file.ts";

const formVersion = 1;
const cacheKilobytes = 512;
/** What SQLite leaves of its log on the disk. */
const logBytes = 1024 * 1024;

/**
 * Opens a file of requests that are not in the shared database yet, makes it where it is missing, and takes it for this
 * process alone: the system gives it free when the process ends, however it ends.
 * @throws SQLiteError, busy if another process has it; NewerRecordError; or what the file system throws
 */
export function openSpoolFile(path: string): Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  takePrivately(path);
  const database = new Database(path, { readwrite: true, create: false });
  try {
    // Before everything else: the lock is then kept from the first reading on, and nothing in memory is shared.
    database.run("pragma locking_mode = exclusive");
    database.run("pragma busy_timeout = 0");
    database.run("pragma journal_mode = wal");
    database.run("pragma synchronous = normal");
    database.run(`pragma cache_size = -${cacheKilobytes}`);
    database.run(`pragma journal_size_limit = ${logBytes}`);
    prepareTable(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepareTable(database: Database): void {
  database
    .transaction(() => {
      const version = readNumber(database, "user_version");
      if (version > formVersion) {
        throw new NewerRecordError(`its form is ${version}, and this program knows ${formVersion}`);
      }
      if (version === formVersion) return;
      database.run(`create table requests (
        seq integer primary key, size integer not null, id text not null, time integer not null, request text not null,
        bodies text not null, charges text not null, content blob
      ) strict`);
      database.run(`pragma user_version = ${formVersion}`);
    })
    .immediate();
}
