import { Database } from "bun:sqlite";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { migrations } from "../../src/record/sqlite/migrations.ts";

type Value = string | number | null;

/** A column of the table of requests, or left out for the usual value. */
export type RowColumns = Readonly<Record<string, Value>>;

let ids = 0;

/** The smallest row of an answered request. */
function usualRow(): RowColumns {
  ids += 1;
  return {
    id: `req_${String(ids).padStart(24, "0")}`,
    time: Date.now(),
    path: "/v1/messages",
    kind: "main",
    status: 200,
    usage_estimated: 0,
    received_bytes: 0,
    answer_bytes: 0,
    duration_ms: 1000,
    sends: 1,
  };
}

function insert(db: Database, table: string, row: RowColumns): void {
  const names = Object.keys(row);
  db.query(`insert into ${table} (${names.join(", ")}) values (${names.map(() => "?").join(", ")})`).run(
    ...Object.values(row),
  );
}

/** A record with these requests, and the bodies of the first one, open for writing as a proxy has it. */
export function createRecordFile(
  path: string,
  rows: readonly RowColumns[],
  bodies: readonly { name: string; text: string; isCut?: boolean }[] = [],
): Database {
  mkdirSync(dirname(path), { recursive: true });
  const db = new Database(path);
  db.run("pragma journal_mode = wal");
  for (const migration of migrations) db.run(migration);
  db.run(`pragma user_version = ${migrations.length}`);
  for (const row of rows) insert(db, "requests", { ...usualRow(), ...row });
  for (const { name, text, isCut = false } of bodies) {
    db.query(
      "insert into bodies (seq, name, send, head, bytes, is_cut, content) values (1, ?, 0, null, ?, ?, ?)",
    ).run(name, Buffer.byteLength(text), Number(isCut), Bun.zstdCompressSync(text));
  }
  return db;
}

/** Writes a record with these requests and closes it, as a proxy that has stopped. */
export function writeRecordFile(...given: Parameters<typeof createRecordFile>): void {
  const db = createRecordFile(...given);
  db.run("pragma wal_checkpoint(truncate)");
  db.close();
}
