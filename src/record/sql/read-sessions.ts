import { everyRequest, type RecordFilter } from "../record-filter.ts";
import type { RecordedSession, SessionAgent } from "../record-reader.ts";
import { buildCondition, isErrorSql, type SqlCondition } from "./build-condition.ts";
import { buildContextTokens } from "./context-tokens-sql.ts";
import { readCount, readNumber, readText } from "./read-row.ts";
import { readSessionSum } from "./read-sums.ts";
import type { RecordDatabase } from "./record-database.ts";

/** The sessions that were active last, with their agents in the order in which they began. */
export async function readSessions(
  database: RecordDatabase,
  { filter, limit }: { filter: RecordFilter; limit: number },
  more: readonly SqlCondition[],
): Promise<RecordedSession[]> {
  const { dialect, all } = database;
  const condition = buildCondition(dialect, filter, [{ sql: dialect.isMessage, values: [] }, ...more]);
  // Another client may have used the same session: what it did is no business of who may see one client alone.
  const own = buildCondition(dialect, {
    ...everyRequest,
    texts: filter.texts.filter(({ member }) => member === "client"),
  });
  const rows = await all(
    `select session, max(time) as last_time from ${dialect.requestTable}
      where session is not null and ${condition.sql} group by session order by last_time desc, max(seq) desc limit ?`,
    [...condition.values, limit],
  );
  const sessions: RecordedSession[] = [];
  for (const row of rows) {
    const sessionId = readText(row, "session") ?? "";
    const sum = await readSessionSum(database, condition, sessionId);
    if (sum === null) continue;
    const client = await readClient(database, own, sessionId);
    sessions.push({
      sessionId,
      client,
      agents: await readAgents(database, { condition, own }, sessionId),
      sum,
    });
  }
  return sessions;
}

async function readClient(
  { dialect, all }: RecordDatabase,
  own: SqlCondition,
  session: string,
): Promise<string | null> {
  const [row] = await all(
    `select client from ${dialect.requestTable}
      where session = ? and client is not null and ${own.sql} order by time desc, seq desc limit 1`,
    [session, ...own.values],
  );
  return row === undefined ? null : readText(row, "client");
}

async function readAgents(
  database: RecordDatabase,
  { condition: { sql, values }, own }: { condition: SqlCondition; own: SqlCondition },
  session: string,
): Promise<SessionAgent[]> {
  const { requestTable, isUnknownCost, countIf, sum } = database.dialect;
  const rows = await database.all(
    `select agent, max(parent_agent) as parent_agent, max(agent_type) as agent_type,
      count(*) as requests, ${countIf(isErrorSql)} as errors, ${sum("cost_picousd")} as cost_picousd,
      ${countIf(isUnknownCost)} as unknown_costs, min(time) as first_time, max(time) as last_time
    from ${requestTable} where session = ? and ${sql} group by agent order by first_time, min(seq)`,
    [session, ...values],
  );
  const agents: SessionAgent[] = [];
  for (const row of rows) {
    const agentId = readText(row, "agent");
    agents.push({
      agentId,
      parentAgentId: readText(row, "parent_agent"),
      agentType: readText(row, "agent_type"),
      requests: readCount(row, "requests"),
      errors: readCount(row, "errors"),
      costUsd: readCount(row, "cost_picousd") / 1e12,
      unknownCosts: readCount(row, "unknown_costs"),
      firstMs: readCount(row, "first_time"),
      lastMs: readCount(row, "last_time"),
      ...(await readLastAnswer(database, own, { session, agent: agentId })),
    });
  }
  return agents;
}

/** Titles, suggestions and the like are asked beside the conversation, with a context of their own. */
const isConversationSql = "(kind is null or kind in ('main', 'subagent', 'compaction'))";

async function readLastAnswer(
  { dialect, all }: RecordDatabase,
  own: SqlCondition,
  { session, agent }: { session: string; agent: string | null },
): Promise<Pick<SessionAgent, "model" | "contextTokens" | "window">> {
  const { requestTable, isMessage, isSame } = dialect;
  const [row = {}] = await all(
    `select model, "window", ${buildContextTokens(dialect)} as context from ${requestTable} as requests
      where session = ? and ${isSame("agent", "?")} and output_tokens > 0 and ${isMessage} and ${isConversationSql}
        and ${own.sql}
      order by time desc, seq desc limit 1`,
    [session, agent, ...own.values],
  );
  return {
    model: readText(row, "model"),
    contextTokens: readNumber(row, "context"),
    window: readNumber(row, "window"),
  };
}
