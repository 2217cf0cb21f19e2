import type { Postgres } from "./postgres.ts";
import { createConnection, type PostgresConnection } from "./postgres-connection.ts";
import { PostgresError } from "./postgres-error.ts";

export interface PostgresOptions {
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. */
  readonly url: string;
  /** What the server's list of connections calls them. */
  readonly name: string;
  /** So many at most. */
  readonly connections: number;
  /** A statement that has no answer by then rejects. */
  readonly timeoutMs: number;
}

/**
 * Opens a shared database. Nothing is connected before the first query, and a connection that was lost is replaced by
 * the next one; open connections do not keep the program alive. It reads no variable of the environment. Never throws: a
 * URL that is none rejects each query.
 */
export function openPostgres({ url, name, connections, timeoutMs }: PostgresOptions): Postgres {
  const all = Array.from({ length: connections }, () => createConnection({ url, name, timeoutMs }));
  const idle = [...all];
  const waiting: ((connection: PostgresConnection) => void)[] = [];
  let isClosed = false;

  const take = (limitMs: number): Promise<PostgresConnection> => {
    if (isClosed) return Promise.reject(new PostgresError("away", "it was closed"));
    const connection = idle.pop();
    if (connection !== undefined) return Promise.resolve(connection);
    const { promise, resolve, reject } = Promise.withResolvers<PostgresConnection>();
    const give = (free: PostgresConnection) => {
      clearTimeout(timer);
      resolve(free);
    };
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(give), 1);
      reject(new PostgresError("away", `all ${connections} connections are in use`));
    }, limitMs);
    waiting.push(give);
    return promise;
  };
  const giveBack = (connection: PostgresConnection): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(connection);
    else next(connection);
  };

  return {
    async query(sql, values, how) {
      const limitMs = how?.timeoutMs ?? timeoutMs;
      const startedMs = performance.now();
      const connection = await take(limitMs);
      try {
        const leftMs = Math.max(1, limitMs - (performance.now() - startedMs));
        return await connection.query(sql, values, { timeoutMs: leftMs });
      } finally {
        giveBack(connection);
      }
    },
    async transaction(work) {
      const connection = await take(timeoutMs);
      try {
        return await connection.transaction(work);
      } finally {
        giveBack(connection);
      }
    },
    async close() {
      isClosed = true;
      await Promise.all(all.map((connection) => connection.close()));
    },
  };
}
