import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";
import { readDecimal, readWholeNumber } from "../../../json/whole-number.ts";
import type { UpstreamUsage } from "../../../translate/answer/usage.ts";
import type { ChatChunk } from "../chat-response.ts";

/**
 * The usage object of a chunk or a completion, or null. Moonshot puts it into the choice and Groq under `x_groq`.
 * Gemini sends one with every chunk, each a total: the last one counts, and nothing is added up.
 */
export function findUsage(chunk: ChatChunk): unknown {
  if (isJsonObject(chunk.usage)) return chunk.usage;
  const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
  if (isJsonObject(choice) && isJsonObject(choice["usage"])) return choice["usage"];
  if (isJsonObject(chunk.x_groq) && isJsonObject(chunk.x_groq["usage"])) return chunk.x_groq["usage"];
  return null;
}

/** Converts a usage object (rule 3.4). Returns null if it counts neither prompt nor completion. */
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

/** xAI sometimes reports more cached tokens than prompt tokens; the caller limits the number. */
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

/** xAI leaves thinking out of `completion_tokens`; only the total includes it. */
function allOutput(usage: JsonObject, prompt: number, completion: number, thinking: number): number {
  const isLeftOut = thinking > 0 && count(usage["total_tokens"]) === prompt + completion + thinking;
  return isLeftOut ? completion + thinking : completion;
}

function member(usage: JsonObject, details: string, name: string): unknown {
  const object = usage[details];
  return isJsonObject(object) ? object[name] : undefined;
}

/** A count of tokens, from 0 to 2^53-1. Some servers estimate and send a fraction. Null for anything else. */
function count(value: unknown): number | null {
  return readWholeNumber(typeof value === "number" ? Math.round(value) : value);
}
