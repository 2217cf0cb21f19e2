import type { JsonObject } from "../json/json-value.ts";

/** What a statement may be given. A text for a column of JSON is written `$1::text::jsonb`: `$1::jsonb` would quote it. */
export type SqlValue = string | number | null | Uint8Array;

/** How a statement is run. */
export interface QueryLimits {
  /** Of this statement, its wait for a connection included. Default: that of the database's opening. */
  readonly timeoutMs?: number;
}

/**
 * Runs a statement with its values in place of `$1`, `$2` …; without values it may be several statements. Rejects with a
 * PostgresError.
 * @returns the rows. int8 is a number, bytea a Uint8Array, jsonb parsed. A `numeric`, as the sum of an int8 is, would
 * come as a text: cast it to int8 or float8
 */
export type QueryRows = (
  sql: string,
  values?: readonly SqlValue[],
  how?: QueryLimits,
) => Promise<readonly JsonObject[]>;

/** A shared database. */
export interface Postgres {
  readonly query: QueryRows;
  /**
   * Does some work in a transaction of one connection. What it resolves to is given when all of it is committed; if it
   * rejects, nothing of it is. If the connection is lost meanwhile, nobody knows whether it was.
   */
  transaction<R>(work: (query: QueryRows) => Promise<R>): Promise<R>;
  /** Ends the connections at once; statements that run reject. */
  close(): Promise<void>;
}
