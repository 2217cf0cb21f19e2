import { isJsonObject, type JsonObject } from "../../json/json-value.ts";

/** Fields that no chat request has. Source: Anthropic SDK 1.12.0 resources/beta/messages. */
const messagesFields = [
  ..."system stop_sequences output_config output_format context_management mcp_servers container".split(" "),
  ..."compaction thread betas anthropic_version anthropic_beta".split(" "),
];

/** Fields that no messages request has. */
const chatFields = [
  ..."response_format stop max_completion_tokens stream_options parallel_tool_calls reasoning_effort".split(
    " ",
  ),
  ..."reasoning functions function_call web_search_options modalities seed logit_bias n".split(" "),
];

/**
 * Content part types of chat requests, including those that we write for no server. Every other type is that of a
 * content block.
 */
const chatPartTypes = new Set<unknown>([
  ..."image_url input_audio audio_url video_url input_video file document_url reference refusal".split(" "),
]);

const chatRoles = new Set<unknown>(["tool", "developer", "function"]);

/** Members that only messages of chat requests have. */
const chatMembers = [
  ..."tool_calls tool_call_id function_call refusal reasoning reasoning_content reasoning_details".split(" "),
  ..."reasoning_text reasoning_opaque".split(" "),
  ..."extra_content prefix audio".split(" "),
];

const messagesChoices = new Set<unknown>(["auto", "any", "tool", "none"]);

/**
 * Distinguishes a messages request from a chat request by members that only one of the two has. A simple conversation
 * has none of them. Then Anthropic's name of a model decides, and otherwise it counts as a chat request, unchanged.
 */
export function isMessagesRequest(request: JsonObject & { messages: unknown[] }): boolean {
  const messages = objectsOf(request.messages);
  const parts = messages.flatMap(({ content }) => objectsOf(content));
  const tools = objectsOf(request["tools"]);
  const choice = request["tool_choice"];
  if (
    hasAny(request, messagesFields) ||
    parts.some(isContentBlock) ||
    tools.some(isMessagesTool) ||
    messages.some((message) => hasAny(message, ["output_config", "clear_at"])) ||
    (isJsonObject(choice) && messagesChoices.has(choice["type"]))
  ) {
    return true;
  }
  const isChatRequest =
    hasAny(request, chatFields) ||
    parts.some(({ type }) => chatPartTypes.has(type)) ||
    tools.length > 0 ||
    messages.some((message) => chatRoles.has(message["role"]) || hasAny(message, chatMembers)) ||
    // A messages request has its system prompt elsewhere. It may have a message of that role, but not as the first one.
    messages[0]?.["role"] === "system" ||
    (choice !== undefined && choice !== null);
  return !isChatRequest && seemsMessagesRequest(request);
}

/** By members that servers of chat requests may also accept. */
function seemsMessagesRequest({ model, thinking, top_k }: JsonObject): boolean {
  // DeepSeek, GLM and Kimi take only `enabled`; Anthropic's form has a budget.
  const isThinking =
    isJsonObject(thinking) && (thinking["type"] !== "enabled" || "budget_tokens" in thinking);
  return isThinking || top_k !== undefined || (typeof model === "string" && model.startsWith("claude-"));
}

function isContentBlock(part: JsonObject): boolean {
  const { type } = part;
  if (typeof type !== "string" || type === "text" || chatPartTypes.has(type)) return false;
  // Mistral's `thinking` is a list of parts.
  return type !== "thinking" || !Array.isArray(part["thinking"]);
}

function isMessagesTool(tool: JsonObject): boolean {
  if (isJsonObject(tool["function"]) || isJsonObject(tool["custom"])) return false;
  // A server tool also has a name, except for that of an MCP server.
  return hasAny(tool, ["name", "input_schema", "mcp_server_name"]);
}

function hasAny(object: JsonObject, names: readonly string[]): boolean {
  return names.some((name) => Object.hasOwn(object, name));
}

function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
