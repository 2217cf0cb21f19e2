import { Database, SQLiteError } from "bun:sqlite";
import { existsSync, statSync } from "node:fs";
import type { JsonObject } from "../../json/json-value.ts";
import { RecordReadError } from "../record-read-error.ts";
import type { RecordConnection, RecordDatabase, SqlValue } from "../sql/record-database.ts";
import { migrations } from "./migrations.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";

/** How long a reader waits for a lock: in WAL nobody keeps one for long. */
const busyTimeoutMs = 100;

/**
 * Creates a connection to a file that only reads: it changes nothing, sets nothing aside, and keeps no writer waiting.
 * The file is opened when it is first asked, and again when another one has taken its place.
 */
export function createReadConnection(path: string): RecordConnection {
  let opened: { database: Database; file: string } | null = null;

  const close = () => {
    opened?.database.close();
    opened = null;
  };

  const open = (): Database | null => {
    const stats = statSync(path, { throwIfNoEntry: false });
    const file = stats === undefined ? null : `${stats.dev}:${stats.ino}`;
    if (opened !== null && opened.file !== file) close();
    if (file === null) return null;
    if (opened === null) {
      const database = new Database(path, { readonly: true });
      try {
        database.run(`pragma busy_timeout = ${busyTimeoutMs}`);
        if (!checkVersion(database, path)) {
          database.close();
          return null;
        }
      } catch (error) {
        database.close();
        throw error;
      }
      opened = { database, file };
    }
    return opened.database;
  };

  const database: RecordDatabase = {
    dialect: sqliteDialect,
    async all(sql, values = []) {
      try {
        return (
          open()
            ?.query<JsonObject, SqlValue[]>(sql)
            .all(...values) ?? []
        );
      } catch (error) {
        if (!(error instanceof SQLiteError)) throw error;
        close();
        throw new RecordReadError(explain(error, path), { cause: error });
      }
    },
  };
  return {
    use: (ask) => ask(database),
    async hasBegun() {
      return existsSync(path);
    },
    async close() {
      close();
    },
  };
}

/** Whether there is something to read. Throws RecordReadError if the file has another form. */
function checkVersion(database: Database, path: string): boolean {
  const version =
    database.query<{ user_version: number }, []>("pragma user_version").get()?.user_version ?? 0;
  if (version === migrations.length) return true;
  if (version === 0) return false;
  if (version < migrations.length) {
    throw new RecordReadError(
      `The record was written by an older claude-proxy: ${path}\nStart the proxy once, then it has its new form.`,
    );
  }
  throw new RecordReadError(
    `The record was written by a newer claude-proxy: ${path}\nRead it with that program, or update this one.`,
  );
}

function explain(error: SQLiteError, path: string): string {
  const code = error.code ?? "";
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) {
    return `The record is damaged: ${path}\nWith its next request the proxy sets it aside, and begins a new one.`;
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return `Another program keeps the record locked: ${path}\nTry again, or end that program.`;
  }
  return `The record cannot be read: ${path}\n${error.message} (${code})`;
}
