const promptSql = "input_tokens + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0)";

/**
 * Tokens of the context behind a request of a conversation, null if they were not told: its prompt and its answer. After
 * a compaction the conversation begins anew, with its answer behind what the shortest prompt had: system prompt and tools.
 */
export const contextTokensSql = `output_tokens + iif(requests.kind = 'compaction', (
    select coalesce(min(${promptSql}), 0) from requests as turns
      where turns.session = requests.session and turns.agent is requests.agent
        and (turns.kind is null or turns.kind in ('main', 'subagent')) and turns.path glob '*/messages'
  ), ${promptSql})`;
