import type { QueryRows } from "../postgres/postgres.ts";

/** The small tables whose changes are noticed by a number. */
export type Table = "clients" | "lessons" | "factors";

/** Tells of each table whether it was changed. */
export type Revisions = ReadonlyMap<string, number>;

/** Reads the numbers, in one query that costs next to nothing. Rejects with a PostgresError. */
export async function readRevisions(query: QueryRows): Promise<Revisions> {
  const rows = await query("select name, revision from proxy_revisions");
  return new Map(
    rows.flatMap(({ name, revision }) =>
      typeof name === "string" && typeof revision === "number" ? [[name, revision] as const] : [],
    ),
  );
}

/** The part of a statement that tells the others of a change. Its row is locked until the change is committed. */
export function noteChange(table: Table): string {
  return `update proxy_revisions set revision = revision + 1 where name = '${table}'`;
}
