import type { SqlDialect } from "../sql/record-database.ts";

/**
 * The two in the middle, which are the same one of an odd number: the second share is beyond a half by less than one of
 * a billion rows. Whole numbers are sorted faster. Half a microsecond is rounded as SQLite rounds it.
 */
const middleFirstBytes =
  "percentile_disc(array[0.5, 0.500000001]) within group (order by floor(first_byte_ms * 1000 + 0.5)::int8)";

/** PostgreSQL's words. */
export const postgresDialect: SqlDialect = {
  requestTable: "proxy_requests",
  bodyTable: "proxy_bodies",
  byIdHint: "",
  // As the index proxy_requests_to_sum has it: written otherwise, each row is read.
  isMessage: "path like '%/messages'",
  // Without the path, which the index does not hold.
  isUnknownCost:
    "(cost_picousd is null and (coalesce(output_tokens, 0) > 0 or (sends > 0 and status in (200, 499))))",
  // Its processes then share the periods among them, each of which is read from the index by time alone.
  periodsAtOnce: 100,
  // Each is a way to the server and back.
  searchedAtOnce: 20,
  mostSearched: 50_000,
  isOneOf: "seq in (select value::bigint from jsonb_array_elements_text(?::jsonb))",
  // A transaction that began before may still bring a smaller number. But one of somebody else, in any database of the
  // server, may take hours: no proxy writes for a minute.
  isSettled:
    "(txid < pg_snapshot_xmin(pg_current_snapshot())" +
    " or time + duration_ms < extract(epoch from now()) * 1000 - 60000)",
  // The same sort gives both.
  firstBytes: `((${middleFirstBytes})[1] + (${middleFirstBytes})[2]) / 2.0::float8`,
  // By the rules of C, whatever those of the database are.
  isLike: (text) => `(${text}) collate "C" ilike ? escape '\\'`,
  isSame: (one, other) => `${one} is not distinct from ${other}`,
  // A sum of int8 is a numeric, which would come as a text.
  sum: (expression) => `sum(${expression})::float8`,
};
