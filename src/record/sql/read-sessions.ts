import type { JsonObject } from "../../json/json-value.ts";
import { everyRequest, type RecordFilter } from "../record-filter.ts";
import type { RecordedSession, SessionAgent } from "../record-reader.ts";
import { buildCondition, type SqlCondition } from "./build-condition.ts";
import { readCount, readNumber, readText } from "./read-row.ts";
import { countIf, readSessionSums } from "./read-sums.ts";
import type { RecordDatabase } from "./record-database.ts";
import { buildContextTokens, isErrorSql } from "./request-sql.ts";

type LastAnswer = Pick<SessionAgent, "model" | "contextTokens" | "window">;

/** Of one that is worked at alone; those of several people lie within fewer. */
const requestsOfSession = 250;

/**
 * The sessions that were active last, with their agents in the order in which they began. All of them are asked for
 * together: a question a session or an agent would be hundreds, each a way to the server and back.
 */
export async function readSessions(
  database: RecordDatabase,
  { filter, limit }: { filter: RecordFilter; limit: number },
  more: readonly SqlCondition[],
): Promise<RecordedSession[]> {
  const { dialect } = database;
  const wanted = buildCondition(dialect, filter, [{ sql: dialect.isMessage, values: [] }, ...more]);
  const sessionIds = await readSessionIds(database, wanted, limit);
  if (sessionIds.length === 0) return [];
  const ofThem = { sql: `session in (${sessionIds.map(() => "?").join(", ")})`, values: sessionIds };
  // Another client may have used the same session: what it did is no business of who may see one client alone.
  const own = buildCondition(
    dialect,
    { ...everyRequest, texts: filter.texts.filter(({ member }) => member === "client") },
    [ofThem],
  );
  const condition = joinConditions(ofThem, wanted);
  const sums = await readSessionSums(database, condition);
  const clients = await readClients(database, own);
  const lastAnswers = await readLastAnswers(database, own);
  const agents = await readAgents(database, condition, lastAnswers);
  return sessionIds.flatMap((sessionId) => {
    const sum = sums.get(sessionId);
    if (sum === undefined) return [];
    return [{ sessionId, client: clients.get(sessionId) ?? null, agents: agents.get(sessionId) ?? [], sum }];
  });
}

function joinConditions(one: SqlCondition, other: SqlCondition): SqlCondition {
  return { sql: `${one.sql} and ${other.sql}`, values: [...one.values, ...other.values] };
}

/**
 * The newest requests alone are looked at as long as they tell of enough sessions: a long record has far more. Sessions
 * that ended in the same millisecond are told apart by the numbers of those requests.
 */
async function readSessionIds(
  { dialect, all }: RecordDatabase,
  { sql, values }: SqlCondition,
  limit: number,
): Promise<string[]> {
  for (let newest = limit * requestsOfSession; ; newest *= 4) {
    // Those without a session are left in: were they left out here, SQLite would read the whole index by session.
    const rows = await all(
      `select session, count(*) as requests, max(time) as last_time from (
        select session, time, seq from ${dialect.requestTable} where ${sql} order by time desc, seq desc limit ?
      ) as newest group by session order by last_time desc, max(seq) desc limit ?`,
      [...values, newest, limit + 1],
    );
    const found = rows.map((row) => readText(row, "session")).filter((session) => session !== null);
    const requests = rows.reduce((total, row) => total + readCount(row, "requests"), 0);
    // With fewer than the limit all groups are here, and with fewer requests than were asked for all requests are.
    if (found.length >= limit || requests < newest) return found.slice(0, limit);
  }
}

/** Of each session the client that asked last. */
async function readClients(
  { dialect, all }: RecordDatabase,
  { sql, values }: SqlCondition,
): Promise<ReadonlyMap<string, string | null>> {
  const rows = await all(
    `select session, client from (
      select session, client, row_number() over (partition by session order by time desc, seq desc) as place
        from ${dialect.requestTable} where client is not null and ${sql}
    ) as requests where place = 1`,
    values,
  );
  return new Map(rows.map((row) => [readText(row, "session") ?? "", readText(row, "client")]));
}

async function readAgents(
  { dialect, all }: RecordDatabase,
  { sql, values }: SqlCondition,
  lastAnswers: ReadonlyMap<string, LastAnswer>,
): Promise<ReadonlyMap<string, SessionAgent[]>> {
  const { requestTable, isUnknownCost, sum } = dialect;
  const rows = await all(
    `select session, agent, max(parent_agent) as parent_agent, max(agent_type) as agent_type,
      count(*) as requests, ${countIf(isErrorSql)} as errors, ${sum("cost_picousd")} as cost_picousd,
      ${countIf(isUnknownCost)} as unknown_costs, min(time) as first_time, max(time) as last_time
    from ${requestTable} where ${sql} group by session, agent order by first_time, min(seq)`,
    values,
  );
  const agents = new Map<string, SessionAgent[]>();
  for (const row of rows) {
    const agent = {
      agentId: readText(row, "agent"),
      parentAgentId: readText(row, "parent_agent"),
      agentType: readText(row, "agent_type"),
      requests: readCount(row, "requests"),
      errors: readCount(row, "errors"),
      costUsd: readCount(row, "cost_picousd") / 1e12,
      unknownCosts: readCount(row, "unknown_costs"),
      firstMs: readCount(row, "first_time"),
      lastMs: readCount(row, "last_time"),
      ...(lastAnswers.get(keyOfAgent(row)) ?? { model: null, contextTokens: null, window: null }),
    };
    const session = readText(row, "session") ?? "";
    const others = agents.get(session);
    if (others === undefined) agents.set(session, [agent]);
    else others.push(agent);
  }
  return agents;
}

/** Titles, suggestions and the like are asked beside the conversation, with a context of their own. */
const isConversationSql = "(kind is null or kind in ('main', 'subagent', 'compaction'))";

/** Of each agent what its last answer tells. */
async function readLastAnswers(
  { dialect, all }: RecordDatabase,
  { sql, values }: SqlCondition,
): Promise<ReadonlyMap<string, LastAnswer>> {
  const { requestTable, isMessage } = dialect;
  const rows = await all(
    `select session, agent, model, "window", ${buildContextTokens(dialect)} as context from (
      select session, agent, client, kind, model, "window",
        input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
        row_number() over (partition by session, agent order by time desc, seq desc) as place
      from ${requestTable} where output_tokens > 0 and ${isMessage} and ${isConversationSql} and ${sql}
    ) as requests where place = 1`,
    values,
  );
  return new Map(
    rows.map((row) => [
      keyOfAgent(row),
      {
        model: readText(row, "model"),
        contextTokens: readNumber(row, "context"),
        window: readNumber(row, "window"),
      },
    ]),
  );
}

/** The same for the same agent of a session alone. */
function keyOfAgent(row: JsonObject): string {
  return JSON.stringify([readText(row, "session"), readText(row, "agent")]);
}
