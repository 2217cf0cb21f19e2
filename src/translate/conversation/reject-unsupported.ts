import { ApiError } from "../../anthropic/api-error.ts";
import type { ConversationRequest } from "../../anthropic/messages-request.ts";
import { isJsonObject, textOfScalar } from "../../json/json-value.ts";
import type { Profile } from "../../profiles/profile.ts";
import type { RequestNotes } from "../request-notes.ts";
import { readContextEdits } from "./read-context-edits.ts";

const maxMessages = 100_000;

/** Read elsewhere, or of no meaning to an upstream and sent by Claude Code with every request. */
const quietFields = new Set([
  ..."model max_tokens messages stream system temperature top_p top_k stop_sequences thinking".split(" "),
  ..."output_config output_format tool_choice tools metadata cache_control context_management".split(" "),
  ..."safeguards betas compaction mcp_servers thread".split(" "),
]);

/** Throws ApiError for fields that change the meaning of the answer and that we cannot honour (rule 1.1). */
export function rejectUnsupported(request: ConversationRequest): void {
  if (isGiven(request["compaction"])) reject("compaction is not supported by this proxy");
  if (isGiven(request["thread"])) reject("threads are not supported");
  if ((request.mcp_servers ?? []).length > 0)
    reject("mcp_servers: MCP servers are not supported by this proxy");
  if (request.messages.length > maxMessages) reject(`messages: at most ${maxMessages} messages are allowed`);
}

/** Notes the fields that nobody reads and gives those that are passed on as they are (rule 1.1). */
export function passKnownFields(
  request: ConversationRequest,
  profile: Profile,
  notes: RequestNotes,
): { [key: string]: unknown } {
  const passed: { [key: string]: unknown } = {};
  for (const [key, value] of Object.entries(request)) {
    if (profile.passedKeys.includes(key)) passed[key] = value;
    else if (!quietFields.has(key)) notes.dropped.add(key);
  }
  if (isGiven(request.output_config?.["task_budget"])) notes.dropped.add("output_config.task_budget");
  for (const edit of readContextEdits(request)) {
    if (edit["type"] !== "clear_thinking_20251015")
      notes.dropped.add(`context_management.${textOfScalar(edit["type"])}`);
  }
  if (profile.cacheMarks === "keep" && isJsonObject(request["cache_control"])) {
    passed["cache_control"] = request["cache_control"];
  }
  return passed;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function reject(message: string): never {
  throw new ApiError("invalid_request_error", message);
}
