import type { ListedRequest, ListQuery, RecordExtent } from "../record-reader.ts";
import { buildCondition, type SqlCondition } from "./build-condition.ts";
import { buildListedColumns, readCount, readListed, readNumber } from "./read-row.ts";
import type { RecordDatabase, SqlDialect } from "./record-database.ts";

/** The conditions of a page of the list. */
export function buildPlace(
  { isSettled }: SqlDialect,
  { before, afterSeq, isFollowed = false }: Pick<ListQuery, "before" | "afterSeq" | "isFollowed">,
): SqlCondition[] {
  const place: SqlCondition[] = [];
  if (before !== null) {
    const { timeMs, seq } = before;
    place.push({ sql: "time <= ? and (time < ? or seq < ?)", values: [timeMs, timeMs, seq] });
  }
  if (afterSeq !== null) place.push({ sql: "seq > ?", values: [afterSeq] });
  if ((afterSeq !== null || isFollowed) && isSettled !== null) place.push({ sql: isSettled, values: [] });
  return place;
}

/** The order of the list: the newest first, or what is new in the order in which it was written. */
export function buildOrder({ afterSeq }: Pick<ListQuery, "afterSeq">): string {
  return afterSeq === null ? "time desc, seq desc" : "seq";
}

/** The requests that a query asks for. */
export async function readList(
  database: RecordDatabase,
  query: ListQuery,
  more: readonly SqlCondition[],
): Promise<ListedRequest[]> {
  const { dialect } = database;
  const { sql, values } = buildCondition(dialect, query.filter, [...buildPlace(dialect, query), ...more]);
  const rows = await database.all(
    `select ${buildListedColumns(dialect)} from ${dialect.requestTable} as requests
      where ${sql} order by ${buildOrder(query)} limit ?`,
    [...values, query.limit],
  );
  return rows.map(readListed);
}

/** How many requests there are, and since when. Both come from an index alone. */
export async function readExtent({ dialect, all }: RecordDatabase): Promise<RecordExtent> {
  const { requestTable } = dialect;
  const [row = {}] = await all(
    `select (select count(*) from ${requestTable}) as count, (select min(time) from ${requestTable}) as time`,
  );
  return { requests: readCount(row, "count"), firstMs: readNumber(row, "time") };
}
