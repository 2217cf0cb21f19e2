import type { Database } from "bun:sqlite";
import type { JsonObject } from "../../json/json-value.ts";
import type { RecordFilter } from "../record-filter.ts";
import type { RecordedSession, SessionAgent } from "../record-reader.ts";
import { buildCondition, isErrorSql, type SqlCondition } from "./build-condition.ts";
import { contextTokensSql } from "./context-tokens-sql.ts";
import { isUnknownCostSql } from "./is-unknown-cost-sql.ts";
import { readCount, readNumber, readText } from "./read-row.ts";
import { isMessageSql, readSessionSum } from "./read-sums.ts";

/** The sessions that were active last, with their agents in the order in which they began. */
export function readSessions(
  database: Database,
  { filter, limit }: { filter: RecordFilter; limit: number },
  more: readonly SqlCondition[],
): RecordedSession[] {
  const condition = buildCondition(filter, [{ sql: isMessageSql, values: [] }, ...more]);
  const rows = database
    .query<JsonObject, (string | number)[]>(
      `select session, max(time) as last_time from requests
        where session is not null and ${condition.sql} group by session order by last_time desc, max(seq) desc limit ?`,
    )
    .all(...condition.values, limit);
  return rows.flatMap((row) => {
    const sessionId = readText(row, "session") ?? "";
    const sum = readSessionSum(database, condition, sessionId);
    if (sum === null) return [];
    return [
      {
        sessionId,
        client: readClient(database, sessionId),
        agents: readAgents(database, condition, sessionId),
        sum,
      },
    ];
  });
}

function readClient(database: Database, session: string): string | null {
  const row = database
    .query<JsonObject, [string]>(
      "select client from requests where session = ? and client is not null order by time desc limit 1",
    )
    .get(session);
  return row === null ? null : readText(row, "client");
}

function readAgents(database: Database, { sql, values }: SqlCondition, session: string): SessionAgent[] {
  return database
    .query<JsonObject, (string | number)[]>(
      `select agent, max(parent_agent) as parent_agent, max(agent_type) as agent_type,
        count(*) as requests, sum(${isErrorSql}) as errors, sum(cost_picousd) as cost_picousd,
        sum(${isUnknownCostSql}) as unknown_costs, min(time) as first_time, max(time) as last_time
      from requests where session = ? and ${sql} group by agent order by first_time`,
    )
    .all(session, ...values)
    .map((row) => {
      const agentId = readText(row, "agent");
      return {
        agentId,
        parentAgentId: readText(row, "parent_agent"),
        agentType: readText(row, "agent_type"),
        requests: readCount(row, "requests"),
        errors: readCount(row, "errors"),
        costUsd: readCount(row, "cost_picousd") / 1e12,
        unknownCosts: readCount(row, "unknown_costs"),
        firstMs: readCount(row, "first_time"),
        lastMs: readCount(row, "last_time"),
        ...readLastAnswer(database, session, agentId),
      };
    });
}

/** Titles, suggestions and the like are asked beside the conversation, with a context of their own. */
const isConversationSql = "(kind is null or kind in ('main', 'subagent', 'compaction'))";

function readLastAnswer(
  database: Database,
  session: string,
  agent: string | null,
): Pick<SessionAgent, "model" | "contextTokens" | "window"> {
  const row =
    database
      .query<JsonObject, [string, string | null]>(
        `select model, window, ${contextTokensSql} as context from requests
          where session = ? and agent is ? and output_tokens > 0 and ${isMessageSql} and ${isConversationSql}
          order by time desc, seq desc limit 1`,
      )
      .get(session, agent) ?? {};
  return {
    model: readText(row, "model"),
    contextTokens: readNumber(row, "context"),
    window: readNumber(row, "window"),
  };
}
