import type { Database } from "bun:sqlite";
import type { JsonObject } from "../../json/json-value.ts";
import type { ListedRequest, ListQuery, RecordExtent } from "../record-reader.ts";
import { buildCondition, type SqlCondition } from "./build-condition.ts";
import { listedColumns, readCount, readListed, readNumber } from "./read-row.ts";

/** The conditions of a page of the list. */
export function buildPlace({ before, afterSeq }: Pick<ListQuery, "before" | "afterSeq">): SqlCondition[] {
  const place: SqlCondition[] = [];
  if (before !== null) {
    const { timeMs, seq } = before;
    place.push({ sql: "time <= ? and (time < ? or seq < ?)", values: [timeMs, timeMs, seq] });
  }
  if (afterSeq !== null) place.push({ sql: "seq > ?", values: [afterSeq] });
  return place;
}

/** The order of the list: the newest first, or what is new in the order in which it was written. */
export function buildOrder({ afterSeq }: Pick<ListQuery, "afterSeq">): string {
  return afterSeq === null ? "time desc, seq desc" : "seq";
}

/** The requests that a query asks for. */
export function readList(
  database: Database,
  query: ListQuery,
  more: readonly SqlCondition[],
): ListedRequest[] {
  const { sql, values } = buildCondition(query.filter, [...buildPlace(query), ...more]);
  return database
    .query<JsonObject, (string | number)[]>(
      `select ${listedColumns} from requests r where ${sql} order by ${buildOrder(query)} limit ?`,
    )
    .all(...values, query.limit)
    .map(readListed);
}

/** How many requests there are, and since when. Both come from an index alone. */
export function readExtent(database: Database): RecordExtent {
  const row =
    database
      .query<JsonObject, []>(
        "select (select count(*) from requests) as count, (select min(time) from requests) as time",
      )
      .get() ?? {};
  return { requests: readCount(row, "count"), firstMs: readNumber(row, "time") };
}
