import { isJsonObject } from "../../../json/json-value.ts";

/**
 * Whether a chunk has a call whose arguments are a JSON value instead of the text of one, as some servers send them.
 * Runs for every chunk, and nearly all have no call.
 */
export function hasCallObject(chunk: unknown): boolean {
  if (!isJsonObject(chunk) || !Array.isArray(chunk["choices"])) return false;
  for (const choice of chunk["choices"]) {
    if (!isJsonObject(choice)) continue;
    const said = choice["delta"] ?? choice["message"];
    if (!isJsonObject(said)) continue;
    const { tool_calls: calls, function_call: older } = said;
    if (older !== undefined && hasObject(older)) return true;
    if (Array.isArray(calls) && calls.some((call) => isJsonObject(call) && hasObject(call["function"])))
      return true;
  }
  return false;
}

function hasObject(call: unknown): boolean {
  return isJsonObject(call) && call["arguments"] !== undefined && typeof call["arguments"] !== "string";
}
