/**
 * What went wrong, by what follows from it.
 * - `away`: refused, cut, no answer in time, shutting down, no such host: try again
 * - `full`: its disk is
 * - `denied`: the password, the rights, no such database, or it may only be read
 * - `tls`: no safe connection
 * - `content`: the fault of the values: the same ones will never be taken
 * - `newer`: another version of the program has made its tables
 */
export type PostgresFault = "away" | "full" | "denied" | "tls" | "content" | "newer" | "other";

/** A statement or a connection has failed. Its message may be the server's, and has neither password nor values. */
export class PostgresError extends Error {
  override readonly name = "PostgresError";
  readonly kind: PostgresFault;
  /** The server's code for it, five characters such as `53100`; null if the server did not say it. */
  readonly sqlState: string | null;

  constructor(kind: PostgresFault, message: string, sqlState: string | null = null) {
    super(message);
    this.kind = kind;
    this.sqlState = sqlState;
  }
}

/** The first that fits counts. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const kindsOfStates: readonly (readonly [RegExp, PostgresFault])[] = [
  [/^53100/, "full"],
  [/^(?:28|42501|3D000|25006)/, "denied"],
  // 54: larger than the server takes it, for example in an index.
  [/^(?:22|23|54)/, "content"],
  // 40: of two transactions that waited for each other, or were mixed, one can be tried again.
  [/^(?:08|40|53|55P03|57)/, "away"],
];

const kindsOfCodes: readonly (readonly [RegExp, PostgresFault])[] = [
  [/TLS|SSL|CERT|VERIFY/, "tls"],
  [/AUTH|PASSWORD|SASL/, "denied"],
  [/CONNECTION|TIMEOUT|CANCELLED|LIFETIME|^E[A-Z]+$/, "away"],
];

/** The error as one of ours. Bun has the server's code in `errno`, and its own or the system's in `code`. */
export function toPostgresError(error: unknown): PostgresError {
  if (error instanceof PostgresError) return error;
  if (!(error instanceof Error)) return new PostgresError("other", String(error));
  const state = "errno" in error && typeof error.errno === "string" ? error.errno : null;
  if (state !== null) return new PostgresError(findKind(kindsOfStates, state), error.message, state);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return new PostgresError(findKind(kindsOfCodes, code), error.message);
}

function findKind(kinds: readonly (readonly [RegExp, PostgresFault])[], code: string): PostgresFault {
  return kinds.find(([pattern]) => pattern.test(code))?.[1] ?? "other";
}
