import type { Usage } from "../../anthropic/message.ts";

/** The upstream's charge for one answer. All counts are whole tokens, never negative. */
export interface UpstreamUsage {
  /** The whole prompt, including tokens read from and written to a cache. */
  promptTokens: number;
  /** All output, including thinking. */
  completionTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  /** Null if the upstream did not report it. */
  thinkingTokens: number | null;
  webSearchRequests: number | null;
  costUsd: number | null;
}

/** Builds the client's usage. Its three kinds of input tokens add up to the prompt: Claude Code adds them. */
export function buildUsage(usage: UpstreamUsage): Usage {
  const { promptTokens, cacheReadTokens, cacheWriteTokens, thinkingTokens, webSearchRequests } = usage;
  return {
    input_tokens: Math.max(0, promptTokens - cacheReadTokens - cacheWriteTokens),
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cacheReadTokens,
    cache_creation: { ephemeral_5m_input_tokens: cacheWriteTokens, ephemeral_1h_input_tokens: 0 },
    output_tokens: usage.completionTokens,
    output_tokens_details: thinkingTokens === null ? null : { thinking_tokens: thinkingTokens },
    server_tool_use:
      webSearchRequests === null ? null : { web_search_requests: webSearchRequests, web_fetch_requests: 0 },
    service_tier: "standard",
  };
}
