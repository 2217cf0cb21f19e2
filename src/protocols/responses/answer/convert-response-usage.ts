import { isJsonObject, type JsonObject } from "../../../json/json-value.ts";
import { readDecimal } from "../../../json/whole-number.ts";
import type { UpstreamUsage } from "../../../translate/answer/usage.ts";
import { countUsage, readCost, readCount, readDetail } from "../../../translate/answer/usage-counts.ts";
import type { ResponseObject } from "../response-event.ts";

/** xAI's unit of money. */
const ticksPerUsd = 1e10;

/**
 * Converts the usage of a response (rule 23.5). Returns null if it counts neither input nor output. `searches`: how
 * many the answer has; they count if the upstream does not say.
 */
export function convertResponseUsage(
  { usage, tool_usage }: Pick<ResponseObject, "usage" | "tool_usage">,
  searches: number,
): UpstreamUsage | null {
  if (!isJsonObject(usage)) return null;
  const input = readCount(usage["input_tokens"]);
  const output = readCount(usage["output_tokens"]);
  if (input === null && output === null) return null;
  const cached = readDetail(usage, "input_tokens_details", "cached_tokens") ?? 0;
  return {
    ...countUsage(usage, {
      prompt: countPrompt(usage, { input: input ?? 0, output: output ?? 0, cached }),
      output: output ?? 0,
      cached,
      written: readDetail(usage, "input_tokens_details", "cache_write_tokens") ?? 0,
      thinking: readDetail(usage, "output_tokens_details", "reasoning_tokens"),
    }),
    webSearchRequests: countSearches(usage, tool_usage) ?? (searches > 0 ? searches : null),
    costUsd: readCost(usage) ?? costOfTicks(usage["cost_in_usd_ticks"]),
  };
}

/** xAI sometimes counts cached tokens beside the input; its total says so. */
function countPrompt(
  usage: JsonObject,
  { input, output, cached }: { input: number; output: number; cached: number },
): number {
  const isBeside = cached > 0 && readCount(usage["total_tokens"]) === input + cached + output;
  return isBeside ? input + cached : input;
}

function countSearches(usage: JsonObject, toolUsage: unknown): number | null {
  const told = isJsonObject(toolUsage) ? readDetail(toolUsage, "web_search", "num_requests") : null;
  return told ?? readCount(usage["num_server_side_tools_used"]);
}

function costOfTicks(ticks: unknown): number | null {
  const cost = readDecimal(ticks);
  return cost === null ? null : cost / ticksPerUsd;
}
