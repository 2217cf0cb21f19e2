import type { Database } from "bun:sqlite";
import { rowBytes } from "../sqlite/prune-record.ts";
import { type RequestRow, writeRequests } from "../sqlite/write-requests.ts";

/** What one transaction writes: its log is as large, beside what the file already holds. */
const mostBytes = 1_000_000;

/**
 * Writes requests, those with large messages in several transactions. Throws SQLiteError; those that are written by then
 * may be written again.
 * @param onWritten is told after each transaction about how many bytes the file has taken
 * @returns how many the file does not take whatever happens
 */
export function writePieces(
  database: Database,
  rows: readonly RequestRow[],
  onWritten: (database: Database, bytes: number) => void,
): number {
  let refused = 0;
  let start = 0;
  let bytes = 0;
  for (const [at, row] of rows.entries()) {
    bytes += countBytes(row);
    if (bytes < mostBytes && at + 1 < rows.length) continue;
    refused += writeRequests(database, rows.slice(start, at + 1));
    onWritten(database, bytes);
    start = at + 1;
    bytes = 0;
  }
  return refused;
}

/** About what the file takes for it. */
function countBytes({ bodies }: RequestRow): number {
  let bytes = rowBytes;
  for (const values of bodies)
    for (const value of values) if (value instanceof Uint8Array) bytes += value.length;
  return bytes;
}
