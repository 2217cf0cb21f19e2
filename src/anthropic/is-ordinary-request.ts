import { isJsonObject } from "../json/json-value.ts";
import type { CountTokensRequest, MessagesRequest } from "./messages-request.ts";
import { maxModelLength, maxStopSequenceLength, maxStopSequences } from "./request-caps.ts";

/**
 * True for a body that `messagesRequestSchema` would accept and return unchanged, in the forms that clients send every
 * day. False means nothing: the schema then checks unusual bodies, and names their faults. Written by hand, because the
 * schema copies every object of a request and this copies none. A property test keeps the two consistent.
 */
export function isOrdinaryMessagesRequest(body: unknown): body is MessagesRequest {
  if (!isJsonObject(body)) return false;
  const { max_tokens, stream, temperature, top_p, top_k, stop_sequences } = body;
  return (
    isInteger(max_tokens) &&
    max_tokens >= 0 &&
    isOptional(stream, isBoolean) &&
    isOptional(temperature, isNumber) &&
    isOptional(top_p, isNumber) &&
    isOptional(top_k, isInteger) &&
    isOptional(stop_sequences, isListOfStopSequences) &&
    isOrdinaryCountTokensRequest(body)
  );
}

/** The same for `countTokensRequestSchema`. */
export function isOrdinaryCountTokensRequest(body: unknown): body is CountTokensRequest {
  if (!isJsonObject(body)) return false;
  const { model, messages, system, tools, tool_choice, thinking, output_config, output_format } = body;
  const { context_management, mcp_servers, metadata } = body;
  return (
    isString(model) &&
    model !== "" &&
    model.length <= maxModelLength &&
    Array.isArray(messages) &&
    messages.length > 0 &&
    messages.every(isMessage) &&
    isOptional(system, isContent) &&
    isOptional(tools, isListOfTools) &&
    isOptional(tool_choice, isToolChoice) &&
    isOptional(thinking, isThinking) &&
    isOptional(output_config, isOutputConfig) &&
    isOptional(output_format, isJsonObject) &&
    isOptional(context_management, isJsonObject) &&
    isOptional(mcp_servers, Array.isArray) &&
    isOptional(metadata, isMetadata)
  );
}

function isMessage(message: unknown): boolean {
  if (!isJsonObject(message)) return false;
  const { role, content, output_config, clear_at } = message;
  return (
    (role === "user" || role === "assistant" || role === "system") &&
    isOptional(content, isContent) &&
    isOptional(output_config, isOutputConfig) &&
    isOptional(clear_at, isString)
  );
}

function isContent(content: unknown): boolean {
  return typeof content === "string" || (Array.isArray(content) && content.every(isBlock));
}

/** Knows the types that Claude Code sends. */
function isBlock(block: unknown): boolean {
  if (!isJsonObject(block)) return false;
  switch (block["type"]) {
    case "text":
      return isString(block["text"]) && isOptional(block["cache_control"], isCacheControl);
    case "tool_use":
      return (
        isString(block["id"]) &&
        isString(block["name"]) &&
        block["input"] !== undefined &&
        isOptional(block["cache_control"], isCacheControl)
      );
    case "tool_result":
      return (
        isString(block["tool_use_id"]) &&
        isOptional(block["content"], isContent) &&
        isOptional(block["is_error"], isBoolean) &&
        isOptional(block["cache_control"], isCacheControl)
      );
    case "thinking":
      return isString(block["thinking"]) && isOptional(block["signature"], isString);
    case "redacted_thinking":
      return isString(block["data"]);
    case "image":
      return isBase64(block["source"]) && isOptional(block["cache_control"], isCacheControl);
    case "document":
      return (
        isBase64(block["source"]) &&
        isOptional(block["title"], isString) &&
        isOptional(block["context"], isString) &&
        isOptional(block["cache_control"], isCacheControl)
      );
    case "tool_reference":
      return isString(block["tool_name"]);
    case "tool_addition":
      return isOptional(block["tool_definition"], isJsonObject);
    case "tool_removal":
      return isOptional(block["tool_name"], isString);
    default:
      return false;
  }
}

function isBase64(source: unknown): boolean {
  if (!isJsonObject(source)) return false;
  return source["type"] === "base64" && isString(source["media_type"]) && isString(source["data"]);
}

function isCacheControl(mark: unknown): boolean {
  return isJsonObject(mark) && isString(mark["type"]) && isOptional(mark["ttl"], isString);
}

function isListOfTools(tools: unknown): boolean {
  return Array.isArray(tools) && tools.every(isTool);
}

function isTool(tool: unknown): boolean {
  if (!isJsonObject(tool)) return false;
  const { name, type, description, input_schema, strict, defer_loading, cache_control } = tool;
  return (
    isOptional(name, isString) &&
    isOptional(type, isString) &&
    isOptional(description, isString) &&
    isOptional(input_schema, isJsonObject) &&
    isOptional(strict, isBoolean) &&
    isOptional(defer_loading, isBoolean) &&
    isOptional(cache_control, isCacheControl)
  );
}

function isToolChoice(choice: unknown): boolean {
  if (!isJsonObject(choice)) return false;
  const { type, name, disable_parallel_tool_use } = choice;
  const isKnown = type === "auto" || type === "any" || type === "none" || (type === "tool" && isString(name));
  return isKnown && isOptional(disable_parallel_tool_use, isBoolean);
}

function isThinking(thinking: unknown): boolean {
  if (!isJsonObject(thinking)) return false;
  const { type, budget_tokens, display } = thinking;
  return isString(type) && isOptional(budget_tokens, isNumber) && isOptional(display, isString);
}

function isOutputConfig(config: unknown): boolean {
  if (!isJsonObject(config)) return false;
  return isOptional(config["effort"], isEffort) && isOptional(config["format"], isJsonObject);
}

function isEffort(effort: unknown): boolean {
  // Any other name is no fault, but counts as absent.
  return (
    effort === "low" || effort === "medium" || effort === "high" || effort === "xhigh" || effort === "max"
  );
}

function isMetadata(metadata: unknown): boolean {
  return isJsonObject(metadata) && isOptional(metadata["user_id"], isString);
}

function isListOfStopSequences(list: unknown): boolean {
  if (!Array.isArray(list) || list.length > maxStopSequences) return false;
  return list.every((sequence) => isString(sequence) && sequence.length <= maxStopSequenceLength);
}

function isOptional(value: unknown, isRight: (value: unknown) => boolean): boolean {
  return value === undefined || value === null || isRight(value);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

/** Excludes the infinity that `JSON.parse` makes of 1e999. */
function isNumber(value: unknown): boolean {
  return Number.isFinite(value);
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
