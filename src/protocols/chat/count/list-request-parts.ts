import { isJsonObject, nonEmptyString, textOfScalar } from "../../../json/json-value.ts";
import { createPart, type RequestPart } from "../../../tokens/request-part.ts";
import { addMessageParts } from "./add-message-parts.ts";

/**
 * The members of a chat request that counting reads. A `ChatRequest` fits, and so does any input of the `count`
 * command, hence `unknown`: unknown values count nothing and cause no failure.
 */
export interface CountableRequest {
  model?: unknown;
  messages: readonly unknown[];
  tools?: unknown;
  tool_choice?: unknown;
  response_format?: unknown;
}

// Rule 7. Every model adds some tokens of its own around each of these.
const replyPrimerTokens = 3;
const toolTokens = 8;
const toolsTokens = 12;
const forcedToolChoiceTokens = 10;
const outputSchemaTokens = 20;

/** All parts of a chat request; the sum of their tokens is the request's count (rule 7). */
export function listRequestParts(request: CountableRequest): RequestPart[] {
  const model = nonEmptyString(request.model) ?? "";
  const parts = listTools(request.tools);
  for (const [index, message] of request.messages.entries())
    addMessageParts(parts, message, index + 1, model);
  parts.push(...listOutputSchema(request.response_format), ...listToolChoice(request.tool_choice));
  parts.push(createPart("overhead", "start of the reply", replyPrimerTokens));
  return parts;
}

function listTools(tools: unknown): RequestPart[] {
  if (!Array.isArray(tools) || tools.length === 0) return [];
  return [createPart("overhead", "tools", toolsTokens), ...tools.filter(isJsonObject).map(listTool)];
}

function listTool(tool: Record<string, unknown>): RequestPart {
  if (!isJsonObject(tool["function"])) {
    const { type, parameters } = tool;
    return createPart("tool", `tool ${textOfScalar(type)}`, toolTokens, JSON.stringify({ type, parameters }));
  }
  const { name, description, parameters } = tool["function"];
  return createPart(
    "tool",
    `tool ${textOfScalar(name)}`,
    toolTokens,
    JSON.stringify({ name, description, parameters }),
  );
}

function listOutputSchema(format: unknown): RequestPart[] {
  if (!isJsonObject(format) || !isJsonObject(format["json_schema"])) return [];
  const schema = format["json_schema"]["schema"];
  return [createPart("overhead", "output schema", outputSchemaTokens, JSON.stringify(schema))];
}

function listToolChoice(choice: unknown): RequestPart[] {
  const isForced = choice === "required" || choice === "any" || isJsonObject(choice);
  return isForced ? [createPart("overhead", "tool choice", forcedToolChoiceTokens)] : [];
}
