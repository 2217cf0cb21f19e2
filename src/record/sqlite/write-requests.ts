import { type Database, SQLiteError } from "bun:sqlite";
import { type ColumnValue, insertRequest } from "./request-columns.ts";

/** One request as it is written. */
export interface RequestRow {
  readonly values: readonly ColumnValue[];
  /** The columns of each of its messages, without the number of the request. */
  readonly bodies: readonly (readonly (ColumnValue | Uint8Array)[])[];
}

const insertBody = `insert into bodies (seq, name, send, head, bytes, is_cut, content) values (?, ?, ?, ?, ?, ?, ?)`;

/**
 * Writes requests in one transaction: all of them are in the file then, or none is. Throws SQLiteError.
 * @returns how many the file does not take whatever happens, as their values are none that its columns allow
 */
export function writeRequests(database: Database, rows: readonly RequestRow[]): number {
  const toRequests = database.query(insertRequest);
  const toBodies = database.query(insertBody);
  let refused = 0;
  database
    .transaction(() => {
      for (const { values, bodies } of rows) {
        try {
          const { lastInsertRowid: seq } = toRequests.run(...values);
          for (const body of bodies) toBodies.run(seq, ...body);
        } catch (error) {
          const isOwnFault = error instanceof SQLiteError && error.code?.startsWith("SQLITE_CONSTRAINT");
          if (isOwnFault !== true) throw error;
          // One that was written before, by a thread that ended before it could say so, is there.
          if (!error.code?.endsWith("_UNIQUE")) refused += 1;
        }
      }
    })
    .immediate();
  return refused;
}
