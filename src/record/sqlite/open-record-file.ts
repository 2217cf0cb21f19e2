import { Database } from "bun:sqlite";
import { chmodSync, closeSync, constants, lstatSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { migrations } from "./migrations.ts";

/** The file has a form that this program does not know yet. */
export class NewerRecordError extends Error {}

/** For so long SQLite waits for another process; whoever gets nothing tries again later. */
const busyMs = 1_000;
/** What SQLite may keep of the file in memory. */
const cacheKilobytes = 1_024;
/** What SQLite leaves of its log on the disk. */
export const logBytes = 4 * 1024 * 1024;

const hasModes = process.platform !== "win32";

/**
 * Opens the record for writing, makes it and its folder where they are missing, for this user alone, and brings an
 * older form up to date. Takes no longer for a large file.
 * @throws NewerRecordError, SQLiteError, or what the file system throws
 */
export function openRecordFile(path: string, steps: readonly string[] = migrations): Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  takePrivately(path);
  const database = new Database(path, { readwrite: true, create: false });
  try {
    database.run(`pragma busy_timeout = ${busyMs}`);
    // Counts only as long as the file is empty, and has to come before everything else.
    database.run("pragma auto_vacuum = incremental");
    database.run("pragma journal_mode = wal");
    // What was written stays when the process is killed; after a loss of power the last requests may be missing.
    database.run("pragma synchronous = normal");
    database.run(`pragma cache_size = -${cacheKilobytes}`);
    database.run(`pragma journal_size_limit = ${logBytes}`);
    migrate(database, steps);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Makes an empty file for this user alone, or takes what is there away from others. What SQLite keeps beside the file
 * gets the file's mode. Throws what the file system throws, and Error for what is not this user's file.
 */
export function takePrivately(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    closeSync(createEmpty(path));
    return;
  }
  // Through a link a foreign file would be written. The file is not opened here: to close it would give up the locks
  // that other threads of this process have on it.
  if (!stats.isFile()) throw new Error(`${path} is not a regular file`);
  if (!hasModes) return;
  if (stats.uid !== process.geteuid?.()) throw new Error(`${path} belongs to another user`);
  if ((stats.mode & 0o077) !== 0) chmodSync(path, 0o600);
}

function createEmpty(path: string): number {
  return openSync(path, constants.O_WRONLY | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
}

function migrate(database: Database, steps: readonly string[]): void {
  if (readVersion(database) === steps.length) return;
  database
    .transaction(() => {
      // Another process may have been faster.
      const version = readVersion(database);
      if (version > steps.length) {
        throw new NewerRecordError(`its form is ${version}, and this program knows ${steps.length}`);
      }
      for (const step of steps.slice(version)) database.run(step);
      database.run(`pragma user_version = ${steps.length}`);
    })
    .immediate();
}

function readVersion(database: Database): number {
  return readNumber(database, "user_version");
}

/** The value of a pragma that is a number. */
export function readNumber(database: Database, pragma: string): number {
  const row = database.prepare<Record<string, number>, []>(`pragma ${pragma}`).get();
  return row?.[pragma] ?? 0;
}
