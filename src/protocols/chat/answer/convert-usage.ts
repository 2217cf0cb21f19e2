import type { Usage } from "../../../anthropic/message.ts";
import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";
import { readDecimal, readWholeNumber } from "../../../json/whole-number.ts";
import type { ChatChunk } from "../chat-response.ts";

/** What an upstream charged for one answer. All counts are whole tokens, never negative. */
export interface UpstreamUsage {
  /** The whole prompt, with what was read from and written to a cache. */
  promptTokens: number;
  /** All output, with thinking. */
  completionTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  /** Null when the upstream did not say. */
  thinkingTokens: number | null;
  webSearchRequests: number | null;
  costUsd: number | null;
}

/**
 * The usage object of a chunk or a completion, or null. Moonshot puts it at the choice and Groq under `x_groq`.
 * Gemini sends one with every chunk, each a total: the last one counts, none is added.
 */
export function findUsage(chunk: ChatChunk): unknown {
  if (isJsonObject(chunk.usage)) return chunk.usage;
  const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
  if (isJsonObject(choice) && isJsonObject(choice["usage"])) return choice["usage"];
  if (isJsonObject(chunk.x_groq) && isJsonObject(chunk.x_groq["usage"])) return chunk.x_groq["usage"];
  return null;
}

/** Converts a usage object (rule 3.4). Returns null when it counts neither prompt nor completion. */
export function convertUsage(usage: unknown): UpstreamUsage | null {
  if (!isJsonObject(usage)) return null;
  const prompt = count(usage["prompt_tokens"]);
  const completion = count(usage["completion_tokens"]);
  if (prompt === null && completion === null) return null;
  const promptTokens = prompt ?? 0;
  const cacheReadTokens = Math.min(readFromCache(usage), promptTokens);
  const thinkingTokens = count(member(usage, "completion_tokens_details", "reasoning_tokens"));
  return {
    promptTokens,
    completionTokens: allOutput(usage, promptTokens, completion ?? 0, thinkingTokens ?? 0),
    cacheReadTokens,
    cacheWriteTokens: Math.min(writtenToCache(usage), promptTokens - cacheReadTokens),
    thinkingTokens,
    webSearchRequests: count(member(usage, "server_tool_use_details", "web_search_requests")),
    costUsd: readDecimal(usage["cost"]),
  };
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

/** xAI reports more cached tokens than prompt tokens at times; the caller caps. */
function readFromCache(usage: JsonObject): number {
  return (
    count(member(usage, "prompt_tokens_details", "cached_tokens")) ??
    // DeepSeek
    count(usage["prompt_cache_hit_tokens"]) ??
    // Moonshot
    count(usage["cached_tokens"]) ??
    // Mistral, both
    count(usage["num_cached_tokens"]) ??
    count(member(usage, "prompt_token_details", "cached_tokens")) ??
    0
  );
}

function writtenToCache(usage: JsonObject): number {
  return (
    count(member(usage, "prompt_tokens_details", "cache_write_tokens")) ??
    // Qwen
    count(member(usage, "prompt_tokens_details", "cache_creation_input_tokens")) ??
    0
  );
}

/** xAI leaves thinking out of `completion_tokens`, which shows in the total only. */
function allOutput(usage: JsonObject, prompt: number, completion: number, thinking: number): number {
  const isLeftOut = thinking > 0 && count(usage["total_tokens"]) === prompt + completion + thinking;
  return isLeftOut ? completion + thinking : completion;
}

function member(usage: JsonObject, details: string, name: string): unknown {
  const object = usage[details];
  return isJsonObject(object) ? object[name] : undefined;
}

/** A count of tokens, from 0 to 2^53-1; some servers estimate, and tell a fraction. Null of anything else. */
function count(value: unknown): number | null {
  return readWholeNumber(typeof value === "number" ? Math.round(value) : value);
}
