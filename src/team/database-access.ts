import { describePostgresFault } from "../postgres/describe-postgres-fault.ts";
import { migrate } from "../postgres/migrate.ts";
import type { Postgres, QueryRows } from "../postgres/postgres.ts";
import { PostgresError } from "../postgres/postgres-error.ts";

/** The database, which may be away, and what is known of that. */
export interface DatabaseAccess {
  readonly awaySince: Date | null;
  readonly fault: string | null;
  /** Asks it something, once its tables are there. Null if that fails, which is told once. Never rejects. */
  ask<Answer>(work: (query: QueryRows) => Promise<Answer>): Promise<{ readonly answer: Answer } | null>;
}

export interface DatabaseAccessOptions {
  /** The database, as people are told. */
  readonly place: string;
  /** Called when it answers no more, and when it does again. */
  readonly note: (event: string, fields: Record<string, string>) => void;
}

/** Creates the access to a database. Whatever is asked of it first makes its tables. */
export function createDatabaseAccess(
  postgres: Postgres,
  { place, note }: DatabaseAccessOptions,
): DatabaseAccess {
  let migrating: Promise<void> | null = null;
  let awaySince: Date | null = null;
  let fault: string | null = null;

  const prepare = (): Promise<void> => {
    migrating ??= migrate(postgres);
    return migrating;
  };
  const noteFailure = (error: unknown): void => {
    // Somebody may have put another database into its place, whose tables are to be made.
    if (!(error instanceof PostgresError && error.kind === "content")) migrating = null;
    const text = describePostgresFault(error, place);
    if (awaySince === null)
      note("the shared database does not answer: clients stay as last known", { cause: text });
    awaySince ??= new Date();
    fault = text;
  };

  return {
    get awaySince() {
      return awaySince;
    },
    get fault() {
      return fault;
    },
    async ask(work) {
      try {
        await prepare();
        const answer = await work(postgres.query);
        if (awaySince !== null) note("the shared database answers again", {});
        awaySince = null;
        fault = null;
        return { answer };
      } catch (error) {
        noteFailure(error);
        return null;
      }
    },
  };
}
