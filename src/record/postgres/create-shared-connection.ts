import { describePostgresFault } from "../../postgres/describe-postgres-fault.ts";
import { checkVersion } from "../../postgres/migrate.ts";
import { openPostgres } from "../../postgres/open-postgres.ts";
import { describePlace } from "../../postgres/parse-place.ts";
import { PostgresError } from "../../postgres/postgres-error.ts";
import { RecordReadError } from "../record-read-error.ts";
import type { RecordConnection, RecordDatabase } from "../sql/record-database.ts";
import { bindValues } from "./bind-values.ts";
import { postgresDialect } from "./postgres-dialect.ts";

/** So many questions are asked at a time: a page asks for its parts together. */
const connections = 3;
/** The server ends a question that takes longer. */
const longestMs = 10_000;
/** It has told so by then, or it is away. */
const untilAwayMs = 2000;

/** For this transaction alone: a pooler gives the connection to somebody else afterwards. */
const composeLimits = (questionMs: number) => `set transaction isolation level repeatable read, read only;
set local statement_timeout = ${questionMs};
set local jit = off`;

/**
 * Creates a connection to a shared record that only reads: what is asked together is one transaction, which sees one
 * state and can change nothing, and of which the server ends each question in time. Nothing is connected before the first one.
 * @param url of the database
 */
export function createSharedConnection(url: string, { questionMs = longestMs } = {}): RecordConnection {
  const timeoutMs = questionMs + untilAwayMs;
  const postgres = openPostgres({ url, name: "claude-proxy reader", connections, timeoutMs });
  const limits = composeLimits(questionMs);
  const place = describePlace(url);
  let isKnown = false;

  /** Whether there are tables. Once they have been there, they are not looked for again. */
  const hasTables = async (): Promise<boolean> => {
    if (isKnown) return true;
    const state = await checkVersion(postgres);
    if (state === "older") throw new RecordReadError(explainOlder(place));
    isKnown = state === "usable";
    return isKnown;
  };
  const explained = async <Value>(ask: () => Promise<Value>): Promise<Value> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error;
      throw new RecordReadError(explain(error, place, questionMs), { cause: error });
    }
  };

  return {
    use: (ask) =>
      explained(async () => {
        if (!(await hasTables())) return await ask({ dialect: postgresDialect, all: async () => [] });
        return await postgres.transaction(async (query) => {
          await query(limits);
          const all: RecordDatabase["all"] = (sql, values = []) => query(...bindValues(sql, values));
          return await ask({ dialect: postgresDialect, all });
        });
      }),
    hasBegun: () => explained(hasTables),
    close: () => postgres.close(),
  };
}

function explain(error: PostgresError, place: string, questionMs: number): string {
  if (error.sqlState === "57014") {
    return (
      `The database ${place} had no answer after ${questionMs / 1000} seconds.\n` +
      "Narrow it down, for example with since:2h."
    );
  }
  if (error.kind === "newer") {
    return `The record was written by a newer claude-proxy: ${place}\nRead it with that program, or update this one.`;
  }
  return `The record cannot be read.\n${describePostgresFault(error, place)}`;
}

function explainOlder(place: string): string {
  return `The record was written by an older claude-proxy: ${place}\nStart a proxy of this version once, then it has its new form.`;
}
