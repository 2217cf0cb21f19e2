import type { SqlDialect } from "../sql/record-database.ts";

/** SQLite's words. */
export const sqliteDialect: SqlDialect = {
  requestTable: "requests",
  bodyTable: "bodies",
  byIdHint: "indexed by requests_by_id",
  isMessage: "path glob '*/messages'",
  // The index by time holds all that it reads, the pattern of the path as it stands here: written otherwise, each row
  // is read.
  isUnknownCost:
    "(cost_picousd is null and path glob '*/messages'" +
    " and (coalesce(output_tokens, 0) > 0 or (sends > 0 and status in (200, 499))))",
  periodsAtOnce: 1,
  searchedAtOnce: 1,
  mostSearched: Number.MAX_SAFE_INTEGER,
  isOneOf: "seq in (select value from json_each(?))",
  isSettled: null,
  // In microseconds, as whole numbers are written and read several times as fast.
  firstBytes: "group_concat(cast(round(first_byte_ms * 1000) as integer))",
  isLike: (text) => `${text} like ? escape '\\'`,
  isSame: (one, other) => `${one} is ${other}`,
  sum: (expression) => `sum(${expression})`,
};
