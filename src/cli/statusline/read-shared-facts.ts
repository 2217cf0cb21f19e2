import type { SharedRecordUrl } from "../../config/record-place.ts";
import type { JsonObject } from "../../json/json-value.ts";
import { describePostgresFault } from "../../postgres/describe-postgres-fault.ts";
import { openPostgres } from "../../postgres/open-postgres.ts";
import { describePlace } from "../../postgres/parse-place.ts";
import { PostgresError } from "../../postgres/postgres-error.ts";
import { postgresDialect } from "../../record/postgres/postgres-dialect.ts";
import { readCount, readNumber, readText } from "../../record/sql/read-row.ts";
import { buildContextTokens, isErrorSql, toldPromptSql } from "../../record/sql/request-sql.ts";
import type { CostSum, SessionFacts } from "./read-session-facts.ts";

/** The client shows the line late or not at all if it takes longer. */
const longestMs = 300;

const { requestTable, isMessage, isUnknownCost, sum } = postgresDialect;

const costs = `${sum("cost_picousd")} as cost_picousd, count(*) filter (where ${isUnknownCost}) as unknown`;

const composeLast = (columns: string, kinds: string) => `select ${columns} from ${requestTable} as requests
  where session = $1::text and agent is null and (kind is null or kind in (${kinds})) and ${isMessage}
    and status < 400 and error_type is null
  order by time desc, seq desc limit 1`;

/** One question, as each is a way to the database and back. A compaction may be another model's work. */
const sessionQuery = `select sums.*, last.*, context.tokens from (
    select ${costs}, max(client) as client, count(*) as requests,
      count(*) filter (where ${isErrorSql}) as errors,
      ${sum(toldPromptSql)} as prompt_tokens,
      ${sum("case when input_tokens is null then 0 else cache_read_tokens end")} as cache_read_tokens
    from ${requestTable} where session = $1::text and ${isMessage}
  ) as sums
  left join (${composeLast(`model, upstream, asked_model, "window", seq`, "'main'")}) as last on true
  left join (${composeLast(`${buildContextTokens(postgresDialect)} as tokens`, "'main', 'compaction'")}) as context on true`;

/** What the others spend is shown to nobody. */
const todayQuery = `select ${costs} from ${requestTable}
  where time >= $1::bigint and ${isMessage} and client is not distinct from $2::text`;

/**
 * Reads what a shared record knows of a session, and of today's requests of the same client. What is not there after
 * 300 ms is left out. Never rejects.
 * @param warn told why the database cannot be read
 * @returns null if nothing is recorded, or nothing came in time
 */
export async function readSharedFacts(
  url: SharedRecordUrl,
  sessionId: string,
  warn: (fault: string) => void,
): Promise<SessionFacts | null> {
  const endMs = performance.now() + longestMs;
  const postgres = openPostgres({
    url,
    name: "claude-proxy statusline",
    connections: 1,
    timeoutMs: longestMs,
  });
  const ask = async (
    sql: string,
    values: readonly (string | number | null)[],
  ): Promise<JsonObject | null> => {
    try {
      const timeoutMs = Math.max(1, endMs - performance.now());
      const [row = null] = await postgres.query(sql, values, { timeoutMs });
      return row;
    } catch (error) {
      // Without tables nothing is recorded yet.
      const isEmpty = error instanceof PostgresError && error.sqlState === "42P01";
      if (!isEmpty) warn(describePostgresFault(error, describePlace(url)));
      return null;
    }
  };
  try {
    const row = await ask(sessionQuery, [sessionId]);
    if (row === null) return null;
    // Nobody knows yet whose session it is.
    if (readCount(row, "requests") === 0) return composeFacts(row, null);
    const today = await ask(todayQuery, [new Date().setHours(0, 0, 0, 0), readText(row, "client")]);
    return composeFacts(row, today);
  } finally {
    await postgres.close();
  }
}

function composeFacts(row: JsonObject, today: JsonObject | null): SessionFacts {
  const last = {
    model: readText(row, "model"),
    upstream: readText(row, "upstream"),
    askedModel: readText(row, "asked_model"),
    contextTokens: readNumber(row, "tokens"),
    window: readNumber(row, "window"),
  };
  return {
    last: readNumber(row, "seq") === null ? null : last,
    requests: readCount(row, "requests"),
    errors: readCount(row, "errors"),
    promptTokens: readCount(row, "prompt_tokens"),
    cacheReadTokens: readCount(row, "cache_read_tokens"),
    session: readCosts(row),
    today: today === null ? null : readCosts(today),
  };
}

function readCosts(row: JsonObject): CostSum {
  return { usd: readCount(row, "cost_picousd") / 1e12, unknown: readCount(row, "unknown") };
}
