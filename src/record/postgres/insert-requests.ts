import { isJsonObject } from "../../json/json-value.ts";
import type { QueryLimits, QueryRows } from "../../postgres/postgres.ts";
import { settleCharges } from "../../postgres/spending-sql.ts";
import type { SpooledRow } from "../spool/spooled-row.ts";
import { requestColumns } from "../sqlite/request-columns.ts";

const columns = [...requestColumns, "instance"].map((name) => `"${name}"`).join(", ");

/**
 * $1: the requests, $2: their messages, $3: the contents of these, one behind the other, $4: what they add to counters.
 * All in one statement: it is done or not, and what was there before is added to nothing. The types of the columns are
 * those of the table. What the last line asks for is done first: other instances wait for the counters.
 */
const insertSql = `with added as (
  insert into proxy_requests (${columns})
  select ${columns} from json_populate_recordset(null::proxy_requests, $1::text::json)
  on conflict do nothing
  returning seq, id, time
), kept as (
  insert into proxy_bodies (seq, name, send, head, bytes, is_cut, content)
  select added.seq, b.name, b.send, b.head, b.bytes, b.is_cut, substring($3::bytea from b.first for b.size)
  from json_to_recordset($2::text::json) as b (
    id text, time bigint, name text, send bigint, head text, bytes bigint, is_cut bigint, first int, size int
  ) join added using (id, time)
  on conflict do nothing
  returning 1
), ${settleCharges("added", "$4")}
select (select count(*) from added) as added, (select count(*) from kept) as kept`;

/**
 * Inserts requests that are not there yet, with their messages and what follows from them, all or nothing. Rejects with
 * a PostgresError.
 */
export async function insertRequests(
  query: QueryRows,
  rows: readonly SpooledRow[],
  limits: QueryLimits,
): Promise<void> {
  const requests = `[${rows.map(({ request }) => request).join(",")}]`;
  const { heads, contents } = joinBodies(rows);
  const charges = rows.flatMap((row) => (row.charges === "" ? [] : [row.charges.slice(1, -1)]));
  await query(insertSql, [requests, heads, contents, `[${charges.join(",")}]`], limits);
}

function joinBodies(rows: readonly SpooledRow[]): { heads: string; contents: Uint8Array } {
  const heads: string[] = [];
  const contents: Uint8Array[] = [];
  // The server counts from 1.
  let first = 1;
  for (const { id, time, bodies, content } of rows) {
    if (content === null) continue;
    contents.push(content);
    const list: unknown = JSON.parse(bodies);
    for (const body of Array.isArray(list) ? list : []) {
      if (!isJsonObject(body) || typeof body["size"] !== "number") continue;
      heads.push(JSON.stringify({ ...body, id, time, first }));
      first += body["size"];
    }
  }
  return { heads: `[${heads.join(",")}]`, contents: Buffer.concat(contents) };
}
