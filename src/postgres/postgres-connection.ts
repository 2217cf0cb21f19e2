import { readFileSync } from "node:fs";
import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { parsePlace } from "./parse-place.ts";
import type { Postgres, SqlValue } from "./postgres.ts";
import { PostgresError, toPostgresError } from "./postgres-error.ts";

/** One connection, which is made when it is needed. One thing at a time may be asked of it. */
export type PostgresConnection = Postgres;

interface ConnectionOptions {
  readonly url: string;
  readonly name: string;
  readonly timeoutMs: number;
}

/** A connection that was idle for so long may have been forgotten by what lies between. */
const idleSeconds = 240;
const connectSeconds = 10;
/** What the server says where it may only be read, as a primary that has become a replica. */
const onlyRead = "25006";

/** What Bun's client runs a statement with: the whole client, or one transaction of it. */
type Runner = Pick<Bun.SQL, "unsafe">;

/** Creates a connection; nothing is sent yet. Never throws. */
export function createConnection({ url, name, timeoutMs }: ConnectionOptions): PostgresConnection {
  let client: Bun.SQL | null = null;
  let isClosed = false;

  const connect = (): Bun.SQL => {
    if (isClosed) throw new PostgresError("away", "it was closed");
    client ??= createClient(url, name);
    return client;
  };
  /** A connection that hangs is not used again. */
  const drop = (): void => {
    const dropped = client;
    client = null;
    void dropped?.close({ timeout: 0 }).catch(() => undefined);
  };
  const run = async (runner: Runner, sql: string, values: readonly SqlValue[], limitMs: number) => {
    const query = runner.unsafe(sql, [...values]);
    const timeout = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      // The server is asked, over a connection of its own, to end the statement: it would go on by itself.
      query.cancel();
      drop();
      timeout.reject(new PostgresError("away", `no answer within ${Math.round(limitMs)} ms`));
    }, limitMs);
    try {
      return toRows(await Promise.race([query, timeout.promise]));
    } catch (error) {
      throw toPostgresError(error);
    } finally {
      clearTimeout(timer);
    }
  };
  const conclude = async <R>(work: Promise<R>): Promise<R> => {
    try {
      return await work;
    } catch (error) {
      const known = toPostgresError(error);
      // Another server may have taken its place: only a new connection gets there.
      if (known.sqlState === onlyRead) drop();
      throw known;
    }
  };

  return {
    async query(sql, values = [], how = {}) {
      return await conclude(run(convertThrown(connect), sql, values, how.timeoutMs ?? timeoutMs));
    },
    async transaction(work) {
      const own = convertThrown(connect);
      const begun = own.begin((transaction) =>
        work((sql, values = [], how = {}) => run(transaction, sql, values, how.timeoutMs ?? timeoutMs)),
      );
      return await conclude(begun);
    },
    async close() {
      isClosed = true;
      drop();
    },
  };
}

function convertThrown<R>(work: () => R): R {
  try {
    return work();
  } catch (error) {
    throw toPostgresError(error);
  }
}

/** Everything is said here: what is left out Bun would take from variables such as PGPASSWORD. */
function createClient(url: string, name: string): Bun.SQL {
  const place = parsePlace(url);
  const address = new URL("postgres://localhost");
  address.searchParams.set("sslmode", place.sslMode);
  return new Bun.SQL({
    adapter: "postgres",
    url: address,
    hostname: place.host,
    port: place.port,
    ...(place.socketFolder === null ? {} : { path: `${place.socketFolder}/.s.PGSQL.${place.port}` }),
    username: place.user,
    // An empty text would be looked up; a function is asked.
    password: () => place.password,
    database: place.database,
    // Bun insists on TLS as soon as there is a word of it here.
    ...(isTlsOptional(place.sslMode) ? {} : { tls: readCertificates(place) }),
    // PgBouncer refuses `options`, also empty ones.
    connection: { application_name: name, ...(place.options === "" ? {} : { options: place.options }) },
    max: 1,
    idleTimeout: idleSeconds,
    connectionTimeout: connectSeconds,
    // A pooler such as PgBouncer gives each transaction another connection, which does not know prepared statements.
    prepare: false,
    // Else int8 would come as a text.
    bigint: true,
  });
}

function isTlsOptional(mode: ReturnType<typeof parsePlace>["sslMode"]): boolean {
  return mode === "disable" || mode === "prefer";
}

function readCertificates({ sslMode, sslRootCert, sslCert, sslKey }: ReturnType<typeof parsePlace>) {
  const read = (path: string) => {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      throw new PostgresError("tls", `${path} cannot be read (${String(error)})`);
    }
  };
  return {
    // Else a variable of Bun's could turn the check off.
    ...(sslMode.startsWith("verify") ? { rejectUnauthorized: true } : {}),
    ...(sslRootCert === null ? {} : { ca: read(sslRootCert) }),
    ...(sslCert === null ? {} : { cert: read(sslCert) }),
    ...(sslKey === null ? {} : { key: read(sslKey) }),
  };
}

function toRows(result: unknown): readonly JsonObject[] {
  const list: readonly unknown[] = Array.isArray(result) ? result : [];
  return list.filter(isJsonObject).map((row) => {
    for (const [name, value] of Object.entries(row)) if (typeof value === "bigint") row[name] = Number(value);
    return row;
  });
}
