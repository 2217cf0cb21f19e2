import type { SqlDialect } from "./record-database.ts";

/** Tokens of a prompt; null where the upstream told none. */
export const toldPromptSql =
  "input_tokens + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0)";

/** A request that failed. One whose client went away (499) did not: that is no fault of anybody. */
export const isErrorSql = "(error_type is not null or status >= 400 and status <> 499)";

/**
 * Tokens of the context behind a request of a conversation, null if they were not told: its prompt and its answer. After
 * a compaction the conversation begins anew, with its answer behind what the shortest prompt had: system prompt and tools.
 * Only prompts of the same client count: another one may have used the same session, for what is none of this one's business.
 */
export function buildContextTokens({ requestTable, isMessage, isSame }: SqlDialect): string {
  return `output_tokens + case when requests.kind = 'compaction' then (
    select coalesce(min(${toldPromptSql}), 0) from ${requestTable} as turns
      where turns.session = requests.session and ${isSame("turns.agent", "requests.agent")}
        and ${isSame("turns.client", "requests.client")} and (turns.kind is null or turns.kind in ('main', 'subagent')) and ${isMessage}
  ) else ${toldPromptSql} end`;
}
