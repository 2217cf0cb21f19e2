import type { JsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import { listPeriods, type PeriodName } from "../list-periods.ts";
import type { Spent, SpentQuery, UsageGroup, UsageQuery, UsageSum } from "../record-reader.ts";
import { buildCondition, type SqlCondition } from "./build-condition.ts";
import { readCount, readNumber, readText } from "./read-row.ts";
import type { RecordDatabase, SqlDialect } from "./record-database.ts";
import { isErrorSql } from "./request-sql.ts";

const promptSql =
  "coalesce(input_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0)";

/**
 * For how many of a group's rows the condition holds. As a filter: what is behind an `and` is then only looked at if it
 * matters, while SQLite works out all of a condition that it sums up.
 */
export const countIf = (condition: string): string => `count(*) filter (where ${condition})`;

const buildSums = ({ isUnknownCost, firstBytes, sum }: SqlDialect) => `count(*) as requests,
  ${countIf(isErrorSql)} as errors,
  ${sum(promptSql)} as prompt_tokens,
  ${sum("output_tokens")} as output_tokens,
  ${sum("cache_read_tokens")} as cache_read_tokens,
  ${sum("cache_write_tokens")} as cache_write_tokens,
  ${sum("thinking_tokens")} as thinking_tokens,
  ${sum("cost_picousd")} as cost_picousd,
  ${countIf(isUnknownCost)} as unknown_costs,
  max(first_byte_ms) as worst_ms,
  min(time) as first_time,
  max(time) as last_time,
  ${firstBytes} as first_bytes`;

const groupColumns: Readonly<Record<Exclude<UsageGroup, PeriodName>, string>> = {
  model: "model",
  upstream: "upstream",
  client: "client",
  session: "session",
  kind: "kind",
};

/** The sums of each group that has requests. */
export async function readSums(
  database: RecordDatabase,
  { by, filter }: UsageQuery,
  more: readonly SqlCondition[],
): Promise<UsageSum[]> {
  const { dialect } = database;
  const condition = buildCondition(dialect, filter, [{ sql: dialect.isMessage, values: [] }, ...more]);
  if (by === "day" || by === "week" || by === "month") return await readPeriods(database, by, condition);
  const sums = await readGroups(database, groupColumns[by], condition);
  return sums.toSorted(
    (a, b) => b.costUsd - a.costUsd || b.promptTokens - a.promptTokens || compareKeys(a, b),
  );
}

/** Databases give their groups in different orders. */
function compareKeys({ key: one }: UsageSum, { key: other }: UsageSum): number {
  if (one === other) return 0;
  return one === null || (other !== null && one < other) ? -1 : 1;
}

/** A question a period: its rows are then read in the order of their times, and there is nothing to sort. */
async function readPeriods(
  { dialect, all }: RecordDatabase,
  by: PeriodName,
  { sql, values }: SqlCondition,
): Promise<UsageSum[]> {
  const { requestTable, periodsAtOnce } = dialect;
  // By the index, and not as `min` and `max` of all.
  const findTime = async (order: string) => {
    const [row] = await all(
      `select time from ${requestTable} where ${sql} order by ${order} limit 1`,
      values,
    );
    return row === undefined ? null : readNumber(row, "time");
  };
  const firstMs = await findTime("time");
  const lastMs = firstMs === null ? null : await findTime("time desc");
  if (firstMs === null || lastMs === null) return [];
  const sums = buildSums(dialect);
  const periods = listPeriods(by, firstMs, lastMs);
  const found: UsageSum[] = [];
  for (let start = 0; start < periods.length; start += periodsAtOnce) {
    const some = periods.slice(start, start + periodsAtOnce);
    const questions = some.map(
      (_, index) =>
        `select ${index} as period, ${sums} from ${requestTable} where time >= ? and time < ? and ${sql}`,
    );
    const rows = await all(
      questions.join(" union all "),
      some.flatMap(({ startMs, endMs }) => [startMs, endMs, ...values]),
    );
    const rowOf = new Map(rows.map((row) => [readCount(row, "period"), row]));
    for (const [index, { key }] of some.entries()) {
      const row = rowOf.get(index) ?? {};
      if (readCount(row, "requests") > 0) found.push(readSum(row, key));
    }
  }
  return found;
}

/** The sums of each session that has such requests. */
export async function readSessionSums(
  database: RecordDatabase,
  condition: SqlCondition,
): Promise<ReadonlyMap<string, UsageSum>> {
  const sums = await readGroups(database, "session", condition);
  return new Map(sums.map((sum) => [sum.key ?? "", sum]));
}

async function readGroups(
  { dialect, all }: RecordDatabase,
  column: string,
  { sql, values }: SqlCondition,
): Promise<UsageSum[]> {
  const rows = await all(
    `select ${column} as key, ${buildSums(dialect)} from ${dialect.requestTable} where ${sql} group by ${column}`,
    values,
  );
  return rows.map((row) => readSum(row, readText(row, "key")));
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
    medianFirstByteMs: readMedian(row),
    worstFirstByteMs: readNumber(row, "worst_ms"),
    firstMs: readCount(row, "first_time"),
    lastMs: readCount(row, "last_time"),
  };
}

/** In milliseconds; of an even count the mean of the two in the middle. */
function readMedian(row: JsonObject): number | null {
  const median = readNumber(row, "first_bytes");
  if (median !== null) return median / 1000;
  const list = readText(row, "first_bytes");
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
export async function readSpent(
  { dialect, all }: RecordDatabase,
  { sinceMs, client, sessionId }: SpentQuery,
): Promise<Spent> {
  const { requestTable, isMessage, isUnknownCost, sum } = dialect;
  const conditions: readonly SqlCondition[] = [
    { sql: isMessage, values: [] },
    { sql: "time >= ?", values: [sinceMs] },
    ...(client === undefined ? [] : [{ sql: "client = ?", values: [client] }]),
    ...(sessionId === undefined ? [] : [{ sql: "session = ?", values: [sessionId] }]),
  ];
  const sumOf = (tokens: string) => sum(`case when ${isUnknownCost} then ${tokens} else 0 end`);
  const [row = {}] = await all(
    `select ${sum("cost_picousd")} as cost_picousd,
      ${countIf(isUnknownCost)} as requests,
      ${sumOf(`case when input_tokens is null then estimated_tokens else ${promptSql} end`)} as prompt_tokens,
      ${sumOf("output_tokens")} as output_tokens
    from ${requestTable} where ${conditions.map(({ sql }) => sql).join(" and ")}`,
    conditions.flatMap(({ values }) => values),
  );
  return {
    usd: readCount(row, "cost_picousd") / 1e12,
    unknown: {
      requests: readCount(row, "requests"),
      promptTokens: readCount(row, "prompt_tokens"),
      outputTokens: readCount(row, "output_tokens"),
    },
  };
}
