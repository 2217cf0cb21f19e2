import type { QueryRows } from "../../postgres/postgres.ts";

/** One instance at a time prunes. Any number that nobody else uses. */
const lockKey = 7_355_408_218;
const mostRequests = 500;

const pruneSql = `with mine as materialized (
  select pg_try_advisory_xact_lock($2::int8) as is_mine
), old as materialized (
  select seq from proxy_requests
  where time < (extract(epoch from now()) * 1000)::int8 - $1::int8 and (select is_mine from mine)
  order by time limit ${mostRequests}
), bodies as (
  delete from proxy_bodies where seq in (select seq from old)
), requests as (
  delete from proxy_requests where seq in (select seq from old)
)
select count(*) as pruned from old`;

/**
 * Takes out some of the oldest requests, none while another instance does. Rejects with a PostgresError.
 * @param keptMs requests that are older go, by the clock of the server: that of one instance may be wrong, and the
 *   record is everybody's
 * @returns whether there may be more to do
 */
export async function pruneRequests(query: QueryRows, keptMs: number): Promise<boolean> {
  const rows = await query(pruneSql, [keptMs, lockKey]);
  return rows[0]?.["pruned"] === mostRequests;
}
