import { hostname } from "node:os";
import type { QueryRows } from "../postgres/postgres.ts";

/** How an instance is known to the others. */
export interface InstanceFacts {
  readonly id: string;
  readonly version: string;
  /** Where it listens. */
  readonly address: string;
}

/** An instance that was not heard of for so long counts no more. */
const aliveSeconds = 20;
/** So long its row stays for those who look what has happened. */
const keptHours = 24;

/**
 * Tells the others that this instance lives.
 * @returns how many live, this one among them. Rejects with a PostgresError
 */
export async function sendHeartbeat(
  query: QueryRows,
  { id, version, address }: InstanceFacts,
): Promise<number> {
  const [row] = await query(
    `with beat as (
       insert into proxy_instances as i (id, host, version, address) values ($1, $2, $3, $4)
       on conflict (id) do update set
         seen = now(),
         heard_since =
           case when i.seen > now() - interval '${aliveSeconds} seconds' then i.heard_since else now() end
     ), old as (
       delete from proxy_instances where seen < now() - interval '${keptHours} hours' and id <> $1
     )
     select count(*)::int4 as others from proxy_instances
     where id <> $1 and seen > now() - interval '${aliveSeconds} seconds'`,
    [id, hostname().slice(0, 200), version, address],
  );
  const others = row?.["others"];
  return typeof others === "number" ? others + 1 : 1;
}

/** Tells the others that this instance has ended. Rejects with a PostgresError. */
export async function removeInstance(query: QueryRows, id: string, timeoutMs: number): Promise<void> {
  await query("delete from proxy_instances where id = $1", [id], { timeoutMs });
}
