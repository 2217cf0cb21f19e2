import type { Database } from "bun:sqlite";
import type { JsonObject } from "../../json/json-value.ts";
import type { ListedRequest, ListQuery } from "../record-reader.ts";
import { buildCondition, type SqlCondition } from "./build-condition.ts";
import { listedColumns, readListed } from "./read-row.ts";

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
