import { constants, Database } from "bun:sqlite";
import { buildContextTokens, isErrorSql, toldPromptSql } from "../../record/sql/request-sql.ts";
import { sqliteDialect } from "../../record/sqlite/sqlite-dialect.ts";

/** What some requests cost together. */
export interface CostSum {
  /** Dollars of those whose cost is known. */
  readonly usd: number;
  /** How many of them answered, and have no known cost. */
  readonly unknown: number;
}

/** The last answer of a session's own conversation, without its sub-agents and titles. */
export interface LastAnswer {
  readonly model: string | null;
  readonly upstream: string | null;
  readonly askedModel: string | null;
  /** Tokens: prompt and answer, or what a compaction has left of them; null if they were not told. */
  readonly contextTokens: number | null;
  /** Tokens: the longest prompt and answer together. */
  readonly window: number | null;
}

/** What the record knows of one session, and of today. */
export interface SessionFacts {
  readonly last: LastAnswer | null;
  readonly requests: number;
  readonly errors: number;
  /** Tokens of all prompts, and how many of them came from a cache. */
  readonly promptTokens: number;
  readonly cacheReadTokens: number;
  readonly session: CostSum;
  /** Null if there was no time for it. */
  readonly today: CostSum | null;
}

const picodollars = 1e12;
/** What lies behind this in the file is read as usual. */
const mappedBytes = 1024 ** 3;

// As a filter, what is behind an `and` is only looked at if it matters; in a sum, SQLite works out all of it.
const costs = `coalesce(sum(cost_picousd), 0), count(*) filter (where ${sqliteDialect.isUnknownCost})`;

const sessionQuery = `select ${costs}, count(*),
    count(*) filter (where ${isErrorSql}), coalesce(sum(${toldPromptSql}), 0),
    coalesce(sum(cache_read_tokens) filter (where input_tokens is not null), 0)
  from requests where session = ? and path glob '*/messages'`;

const todaySql = "(select strftime('%s', 'now', 'localtime', 'start of day', 'utc') * 1000)";
// As the index has it. What only a count was asked for has neither a cost nor an answer anyhow.
const todayQuery = `select ${costs} from requests
  where time >= coalesce(?, ${todaySql}) and path glob '*/messages'`;

const composeLastQuery = (columns: string, kinds: string) => `select ${columns}
  from requests
  where session = ? and agent is null and (kind is null or kind in (${kinds})) and path glob '*/messages'
    and status < 400 and error_type is null
  order by time desc, seq desc limit 1`;
const lastQuery = composeLastQuery("model, upstream, asked_model, window", "'main'");
// A compaction may be another model's work, and changes the context all the same.
const contextQuery = composeLastQuery(buildContextTokens(sqliteDialect), "'main', 'compaction'");

/**
 * Reads what the record knows of a session. It waits for no lock and writes nothing.
 * @param options.sinceMs when today began; null for the day of the system's time zone
 * @throws whatever SQLite throws, such as SQLITE_BUSY
 */
export async function readSessionFacts(
  path: string,
  { sessionId, sinceMs }: { sessionId: string; sinceMs: number | null },
): Promise<SessionFacts> {
  const db = await openRecord(path);
  try {
    // Its pages are looked at where the system has them, instead of being copied one by one: a tenth less for a large
    // record. Not on Windows, where nobody could shorten the file as long as one process maps it.
    if (process.platform !== "win32") db.run(`pragma mmap_size = ${mappedBytes}`);
    const row = (query: string, value: string | number | null): readonly unknown[] | undefined =>
      db.query(query).values(value)[0];
    const [picousd, unknown, requests, errors, prompt, cached] = (row(sessionQuery, sessionId) ?? []).map(
      numberOr0,
    );
    const [picousdToday, unknownToday] = (row(todayQuery, sinceMs) ?? []).map(numberOr0);
    const last = row(lastQuery, sessionId);
    return {
      last: last === undefined ? null : readLast(last, row(contextQuery, sessionId)?.[0]),
      requests: requests ?? 0,
      errors: errors ?? 0,
      promptTokens: prompt ?? 0,
      cacheReadTokens: cached ?? 0,
      session: { usd: (picousd ?? 0) / picodollars, unknown: unknown ?? 0 },
      today: { usd: (picousdToday ?? 0) / picodollars, unknown: unknownToday ?? 0 },
    };
  } finally {
    db.close();
  }
}

/**
 * Without a `-wal` file nobody writes, and an ordinary reader would leave one behind: the file is then read as one that
 * does not change.
 */
async function openRecord(path: string): Promise<Database> {
  if (await Bun.file(`${path}-wal`).exists()) return new Database(path, { readonly: true });
  const flags = constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI;
  return new Database(`${Bun.pathToFileURL(path).href}?immutable=1`, flags);
}

function readLast(
  [model, upstream, askedModel, window]: readonly unknown[],
  contextTokens: unknown,
): LastAnswer {
  return {
    model: textOrNull(model),
    upstream: textOrNull(upstream),
    askedModel: textOrNull(askedModel),
    contextTokens: numberOrNull(contextTokens),
    window: numberOrNull(window),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function numberOr0(value: unknown): number {
  return numberOrNull(value) ?? 0;
}
