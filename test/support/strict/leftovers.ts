import type { FamilyRules } from "./families.ts";
import { isObject } from "./json.ts";

/** Members that only the Anthropic wire has. */
const anthropicKeys = new Set([
  "input_schema",
  "tool_use_id",
  "is_error",
  "defer_loading",
  "eager_input_streaming",
  "input_examples",
  "allowed_callers",
  "citations",
  "tool_name",
  "budget_tokens",
  "media_type",
  "disable_parallel_tool_use",
]);

const anthropicTypes = new Set([
  "tool_use",
  "tool_result",
  "tool_reference",
  "image",
  "document",
  "search_result",
  "redacted_thinking",
  "server_tool_use",
  "web_search_tool_result",
]);

/** What is left of the Anthropic wire in messages and tools. The schemas of tools are the client's own words. */
export function findLeftovers(value: unknown, rules: FamilyRules, path: string): string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => findLeftovers(item, rules, `${path}[${index}]`));
  if (!isObject(value)) return [];
  const own = Object.keys(value).filter((key) => anthropicKeys.has(key));
  const found = own.map((key) => `${path}.${key} is a leftover`);
  if (typeof value["type"] === "string" && anthropicTypes.has(value["type"])) {
    found.push(`${path}.type "${value["type"]}" is a leftover`);
  }
  if ("cache_control" in value && rules.cacheMarks === undefined)
    found.push(`${path}.cache_control is a leftover`);
  if ("signature" in value && !path.includes("reasoning_details"))
    found.push(`${path}.signature is a leftover`);
  for (const [key, member] of Object.entries(value)) {
    if (key !== "parameters") found.push(...findLeftovers(member, rules, `${path}.${key}`));
  }
  return found;
}

/** Marks for the prompt cache where the family does not take them, and more than four of them. */
export function findMarkFaults(chatRequest: unknown, rules: FamilyRules): string[] {
  const marks = listMarks(chatRequest, "");
  const faults = marks.length > 4 ? [`${marks.length} cache marks, at most 4`] : [];
  if (rules.cacheMarks !== "parts") return faults;
  for (const { path, mark } of marks) {
    if (!/^\.messages\[\d+\]\.content\[\d+\]$/.test(path)) faults.push(`a cache mark at ${path}`);
    if (isObject(mark) && "ttl" in mark) faults.push(`a cache mark with ttl at ${path}`);
  }
  return faults;
}

function listMarks(value: unknown, path: string): { path: string; mark: unknown }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => listMarks(item, `${path}[${index}]`));
  if (!isObject(value)) return [];
  const own = "cache_control" in value ? [{ path, mark: value["cache_control"] }] : [];
  const inner = Object.entries(value).filter(([key]) => key !== "parameters" && key !== "cache_control");
  return [...own, ...inner.flatMap(([key, member]) => listMarks(member, `${path}.${key}`))];
}
