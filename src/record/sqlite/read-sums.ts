import type { Database } from "bun:sqlite";
import type { JsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import { listPeriods, type PeriodName } from "../list-periods.ts";
import type { Spent, SpentQuery, UsageGroup, UsageQuery, UsageSum } from "../record-reader.ts";
import { buildCondition, isErrorSql, type SqlCondition } from "./build-condition.ts";
import { isUnknownCostSql } from "./is-unknown-cost-sql.ts";
import { readCount, readNumber, readText } from "./read-row.ts";

/** Counts of tokens and what else is asked cost nothing and answer nothing: only messages count. */
export const isMessageSql = "path glob '*/messages'";

const promptSql =
  "coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0)";

const sums = `count(*) as requests,
  sum(${isErrorSql}) as errors,
  sum(${promptSql}) as prompt_tokens,
  sum(output_tokens) as output_tokens,
  sum(cache_read_tokens) as cache_read_tokens,
  sum(cache_write_tokens) as cache_write_tokens,
  sum(thinking_tokens) as thinking_tokens,
  sum(cost_picousd) as cost_picousd,
  sum(${isUnknownCostSql}) as unknown_costs,
  max(first_byte_ms) as worst_ms,
  min(time) as first_time,
  max(time) as last_time,
  -- In microseconds, as whole numbers are written and read several times as fast.
  group_concat(cast(round(first_byte_ms * 1000) as integer)) as first_bytes`;

const groupColumns: Readonly<Record<Exclude<UsageGroup, PeriodName>, string>> = {
  model: "model",
  upstream: "upstream",
  client: "client",
  session: "session",
  kind: "kind",
};

/** The sums of each group that has requests. */
export function readSums(
  database: Database,
  { by, filter }: UsageQuery,
  more: readonly SqlCondition[],
): UsageSum[] {
  const condition = buildCondition(filter, [{ sql: isMessageSql, values: [] }, ...more]);
  if (by === "day" || by === "week" || by === "month") return readPeriods(database, by, condition);
  const column = groupColumns[by];
  return database
    .query<JsonObject, (string | number)[]>(
      `select ${column} as key, ${sums} from requests where ${condition.sql} group by ${column}`,
    )
    .all(...condition.values)
    .map((row) => readSum(row, readText(row, "key")))
    .toSorted((a, b) => b.costUsd - a.costUsd || b.promptTokens - a.promptTokens);
}

/** One question a period: SQLite then reads its rows in the order of their times, and has nothing to sort. */
function readPeriods(database: Database, by: PeriodName, { sql, values }: SqlCondition): UsageSum[] {
  // By the index, and not as `min` and `max` of all.
  const [firstMs = null, lastMs = null] = ["time", "time desc"].map((order) => {
    const row = database
      .query<JsonObject, (string | number)[]>(
        `select time from requests where ${sql} order by ${order} limit 1`,
      )
      .get(...values);
    return row === null ? null : readNumber(row, "time");
  });
  if (firstMs === null || lastMs === null) return [];
  const question = database.query<JsonObject, (string | number)[]>(
    `select ${sums} from requests where time >= ? and time < ? and ${sql}`,
  );
  return listPeriods(by, firstMs, lastMs).flatMap(({ key, startMs, endMs }) => {
    const row = question.get(startMs, endMs, ...values);
    return row === null || readCount(row, "requests") === 0 ? [] : [readSum(row, key)];
  });
}

/** The sums of one session's requests; null if there are none. */
export function readSessionSum(database: Database, { sql, values }: SqlCondition, session: string) {
  const row = database
    .query<JsonObject, (string | number)[]>(`select ${sums} from requests where session = ? and ${sql}`)
    .get(session, ...values);
  return row === null || readCount(row, "requests") === 0 ? null : readSum(row, session);
}

function readSum(row: JsonObject, key: string | null): UsageSum {
  return {
    key,
    requests: readCount(row, "requests"),
    errors: readCount(row, "errors"),
    promptTokens: readCount(row, "prompt_tokens"),
    outputTokens: readCount(row, "output_tokens"),
    cacheReadTokens: readCount(row, "cache_read_tokens"),
    cacheWriteTokens: readCount(row, "cache_write_tokens"),
    thinkingTokens: readCount(row, "thinking_tokens"),
    costUsd: readCount(row, "cost_picousd") / 1e12,
    unknownCosts: readCount(row, "unknown_costs"),
    medianFirstByteMs: medianOf(readText(row, "first_bytes")),
    worstFirstByteMs: readNumber(row, "worst_ms"),
    firstMs: readCount(row, "first_time"),
    lastMs: readCount(row, "last_time"),
  };
}

/** In milliseconds; of an even count the mean of the two in the middle. */
function medianOf(list: string | null): number | null {
  if (list === null) return null;
  // As JSON a hundred thousand numbers are read in a tenth of the time that splitting and checking each takes.
  const numbers = parseJson(`[${list}]`);
  if (!Array.isArray(numbers)) return null;
  const sorted = Float64Array.from(numbers).sort();
  const upper = sorted[sorted.length >> 1] ?? 0;
  const lower = sorted[(sorted.length - 1) >> 1] ?? 0;
  return (lower + upper) / 2000;
}

/** What was spent since then. */
export function readSpent(database: Database, { sinceMs, client, sessionId }: SpentQuery): Spent {
  const conditions: readonly SqlCondition[] = [
    { sql: isMessageSql, values: [] },
    { sql: "time >= ?", values: [sinceMs] },
    ...(client === undefined ? [] : [{ sql: "client = ?", values: [client] }]),
    ...(sessionId === undefined ? [] : [{ sql: "session = ?", values: [sessionId] }]),
  ];
  const row =
    database
      .query<JsonObject, (string | number)[]>(
        `select sum(cost_picousd) as cost_picousd,
          sum(${isUnknownCostSql}) as requests,
          sum(iif(${isUnknownCostSql}, iif(input_tokens is null, estimated_tokens, ${promptSql}), 0)) as prompt_tokens,
          sum(iif(${isUnknownCostSql}, output_tokens, 0)) as output_tokens
        from requests where ${conditions.map(({ sql }) => sql).join(" and ")}`,
      )
      .get(...conditions.flatMap(({ values }) => values)) ?? {};
  return {
    usd: readCount(row, "cost_picousd") / 1e12,
    unknown: {
      requests: readCount(row, "requests"),
      promptTokens: readCount(row, "prompt_tokens"),
      outputTokens: readCount(row, "output_tokens"),
    },
  };
}
