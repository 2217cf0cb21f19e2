import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { readDecimal, readWholeNumber } from "../../json/whole-number.ts";
import type { UpstreamUsage } from "./usage.ts";

/** What a usage object tells, whatever its members are called. In tokens; 0 for what it does not tell. */
interface ToldCounts {
  prompt: number;
  output: number;
  cached: number;
  written: number;
  /** Null if it is not told. */
  thinking: number | null;
}

/** A count of tokens, from 0 to 2^53-1. Some servers estimate and send a fraction. Null for anything else. */
export function readCount(value: unknown): number | null {
  return readWholeNumber(typeof value === "number" ? Math.round(value) : value);
}

/** The count in one of the objects inside a usage object, such as `input_tokens_details`; null if there is none. */
export function readDetail(usage: JsonObject, details: string, name: string): number | null {
  const object = usage[details];
  return isJsonObject(object) ? readCount(object[name]) : null;
}

/**
 * The dollars that a usage object names; null for none. Whoever has a vendor's key of his own at OpenRouter pays the vendor
 * beside OpenRouter's fee, which alone would look like a request for free.
 */
export function readCost(usage: JsonObject): number | null {
  const cost = readDecimal(usage["cost"]);
  if (cost === null || usage["is_byok"] !== true) return cost;
  const details = usage["cost_details"];
  const bill = isJsonObject(details) ? readDecimal(details["upstream_inference_cost"]) : null;
  return bill === null ? null : cost + bill;
}

/** The usage that these counts make: what is read from a cache or written to it is a part of the prompt. */
export function countUsage(
  usage: JsonObject,
  { prompt, output, cached, written, thinking }: ToldCounts,
): Omit<UpstreamUsage, "costUsd" | "webSearchRequests"> {
  const cacheReadTokens = Math.min(cached, prompt);
  return {
    promptTokens: prompt,
    completionTokens: countAllOutput(usage, { prompt, output, thinking: thinking ?? 0 }),
    cacheReadTokens,
    cacheWriteTokens: Math.min(written, prompt - cacheReadTokens),
    thinkingTokens: thinking,
  };
}

/** All output tokens. xAI leaves thinking out of the output; only `total_tokens` includes it. */
function countAllOutput(
  usage: JsonObject,
  { prompt, output, thinking }: { prompt: number; output: number; thinking: number },
): number {
  const isLeftOut = thinking > 0 && readCount(usage["total_tokens"]) === prompt + output + thinking;
  return isLeftOut ? output + thinking : output;
}
