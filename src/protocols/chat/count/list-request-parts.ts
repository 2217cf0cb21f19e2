import { isJsonObject, type JsonObject, nonEmptyString, textOfScalar } from "../../../json/json-value.ts";
import {
  addClosingParts,
  addOutputSchemaPart,
  addTools,
  type CountedTool,
} from "../../../tokens/add-request-parts.ts";
import type { RequestPart } from "../../../tokens/request-part.ts";
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

/** All parts of a chat request; the sum of their tokens is the request's count (rule 7). */
export function listRequestParts(request: CountableRequest): RequestPart[] {
  const model = nonEmptyString(request.model) ?? "";
  const parts: RequestPart[] = [];
  addTools(parts, request.tools, readTool);
  for (const [index, message] of request.messages.entries())
    addMessageParts(parts, message, index + 1, model);
  const { response_format: format, tool_choice: choice } = request;
  if (isJsonObject(format) && isJsonObject(format["json_schema"]))
    addOutputSchemaPart(parts, format["json_schema"]["schema"]);
  addClosingParts(parts, choice === "required" || choice === "any" || isJsonObject(choice));
  return parts;
}

function readTool(tool: JsonObject): CountedTool {
  if (!isJsonObject(tool["function"])) {
    const { type, parameters } = tool;
    return { name: textOfScalar(type), definition: { type, parameters } };
  }
  const { name, description, parameters } = tool["function"];
  return { name: textOfScalar(name), definition: { name, description, parameters } };
}
