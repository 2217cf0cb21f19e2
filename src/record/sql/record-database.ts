import type { JsonObject } from "../../json/json-value.ts";

/** A value of a question mark. */
export type SqlValue = string | number | null;

/** A database that holds a record, and answers questions in SQL. */
export interface RecordDatabase {
  readonly dialect: SqlDialect;
  /**
   * The rows of an answer; none as long as nothing was recorded. Bodies come as `Uint8Array`. Rejects with
   * RecordReadError if the record cannot be read.
   * @param sql with a question mark for each value
   */
  all(sql: string, values?: readonly SqlValue[]): Promise<readonly JsonObject[]>;
}

/** A database of which one only reads; it is opened when it is first asked. */
export interface RecordConnection {
  /** Asks what belongs together. Rejects as `all` does, and with what `ask` rejects with. */
  use<Value>(ask: (database: RecordDatabase) => Promise<Value>): Promise<Value>;
  /** Whether anything may be recorded there. Rejects as `all` does. */
  hasBegun(): Promise<boolean>;
  close(): Promise<void>;
}

/** What the databases say differently, as texts of SQL. */
export interface SqlDialect {
  readonly requestTable: string;
  readonly bodyTable: string;
  /** What follows the table of requests where ids are searched, so that their index is used. */
  readonly byIdHint: string;
  /** Counts of tokens and what else is asked cost nothing and answer nothing: only messages count. */
  readonly isMessage: string;
  /**
   * A model was at work, and nobody knows for how much: also where the answer broke off before its tokens were told.
   * Asked of messages only.
   */
  readonly isUnknownCost: string;
  /** So many periods are summed up by one statement. */
  readonly periodsAtOnce: number;
  /** How bodies are searched: those of so many requests are read at once, and of so many in all. */
  readonly searchedAtOnce: number;
  readonly mostSearched: number;
  /** The request is one of the numbers in a JSON text, the question mark's value. */
  readonly isOneOf: string;
  /** What is asked when new requests are followed, so that none is passed over; null for nothing. */
  readonly isSettled: string | null;
  /** The times to the first bytes of all requests together: the median in microseconds, or what it is made from. */
  readonly firstBytes: string;
  /** The text is like the question mark's value: `%` stands for anything, and the case of ASCII does not matter. */
  isLike(text: string): string;
  /** The values are the same, or both null. */
  isSame(one: string, other: string): string;
  /** The sum of whole numbers. */
  sum(expression: string): string;
}
