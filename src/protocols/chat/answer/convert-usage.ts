import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";
import type { UpstreamUsage } from "../../../translate/answer/usage.ts";
import { countUsage, readCost, readCount, readDetail } from "../../../translate/answer/usage-counts.ts";
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
  const prompt = readCount(usage["prompt_tokens"]);
  const completion = readCount(usage["completion_tokens"]);
  if (prompt === null && completion === null) return null;
  return {
    ...countUsage(usage, {
      prompt: prompt ?? 0,
      output: completion ?? 0,
      cached: readFromCache(usage),
      written: writtenToCache(usage),
      thinking: readDetail(usage, "completion_tokens_details", "reasoning_tokens"),
    }),
    webSearchRequests: readDetail(usage, "server_tool_use_details", "web_search_requests"),
    costUsd: readCost(usage),
  };
}

/** xAI sometimes reports more cached tokens than prompt tokens; the caller limits the number. */
function readFromCache(usage: JsonObject): number {
  return (
    readDetail(usage, "prompt_tokens_details", "cached_tokens") ??
    // DeepSeek
    readCount(usage["prompt_cache_hit_tokens"]) ??
    // Moonshot
    readCount(usage["cached_tokens"]) ??
    // Mistral, both
    readCount(usage["num_cached_tokens"]) ??
    readDetail(usage, "prompt_token_details", "cached_tokens") ??
    0
  );
}

function writtenToCache(usage: JsonObject): number {
  return (
    readDetail(usage, "prompt_tokens_details", "cache_write_tokens") ??
    // Qwen
    readDetail(usage, "prompt_tokens_details", "cache_creation_input_tokens") ??
    0
  );
}
