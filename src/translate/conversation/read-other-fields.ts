import type { ConversationRequest } from "../../anthropic/messages-request.ts";
import { type JsonObject, textOfScalar } from "../../json/json-value.ts";
import { readContextEdits } from "./read-context-edits.ts";

/** Fields that are read elsewhere, or that mean nothing to an upstream and come with every request of Claude Code. */
const quietFields = new Set([
  ..."model max_tokens messages stream system temperature top_p top_k stop_sequences thinking".split(" "),
  ..."output_config output_format tool_choice tools metadata cache_control context_management".split(" "),
  ..."safeguards betas compaction mcp_servers thread".split(" "),
]);

/** The rest of the request, which nothing else reads (rule 1.1). */
export interface OtherFields {
  /** Top-level fields that nothing reads; a wire passes on those that its upstream knows. */
  fields: Readonly<JsonObject>;
  /** Names of nested fields that no upstream supports. */
  droppedWishes: readonly string[];
}

/** Reads the fields in the order in which the client sent them. */
export function readOtherFields(request: ConversationRequest): OtherFields {
  const fields = Object.entries(request).filter(([key]) => !quietFields.has(key));
  const taskBudget = request.output_config?.["task_budget"];
  const droppedWishes = taskBudget === undefined || taskBudget === null ? [] : ["output_config.task_budget"];
  for (const { type } of readContextEdits(request)) {
    if (type !== "clear_thinking_20251015") droppedWishes.push(`context_management.${textOfScalar(type)}`);
  }
  return { fields: Object.fromEntries(fields), droppedWishes };
}
