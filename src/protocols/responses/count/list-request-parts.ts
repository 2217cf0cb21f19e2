import { isJsonObject, type JsonObject, nonEmptyString, textOfScalar } from "../../../json/json-value.ts";
import {
  addClosingParts,
  addMessagePart,
  addOutputSchemaPart,
  addTools,
  type CountedTool,
} from "../../../tokens/add-request-parts.ts";
import { addText, type RequestPart } from "../../../tokens/request-part.ts";
import { addItemParts } from "./add-item-parts.ts";

/**
 * The members of a responses request that counting reads. A `ResponsesRequest` fits, and so does any input of the
 * `count` command, hence `unknown`: unknown values count nothing and cause no failure.
 */
export interface CountableRequest {
  model?: unknown;
  instructions?: unknown;
  /** A text, or items. */
  input?: unknown;
  tools?: unknown;
  tool_choice?: unknown;
  text?: unknown;
}

/** All parts of a responses request; the sum of their tokens is the request's count (rules 7 and 29.5). */
export function listRequestParts(request: CountableRequest): RequestPart[] {
  const model = nonEmptyString(request.model) ?? "";
  const { tools, input, text, tool_choice: choice } = request;
  const parts: RequestPart[] = [];
  addTools(parts, tools, readTool);
  addInstructions(parts, request.instructions);
  if (Array.isArray(input)) addItemParts(parts, input, model);
  else addItemParts(parts, [{ role: "user", content: input }], model);
  const format = isJsonObject(text) ? text["format"] : undefined;
  if (isJsonObject(format) && isJsonObject(format["schema"])) addOutputSchemaPart(parts, format["schema"]);
  addClosingParts(parts, choice === "required" || isJsonObject(choice));
  return parts;
}

function readTool({ type, name, ...rest }: JsonObject): CountedTool {
  const { description, parameters } = rest;
  return type === "function"
    ? { name: textOfScalar(name), definition: { name, description, parameters } }
    : { name: textOfScalar(type), definition: { type, ...rest } };
}

/** The model gets them as a message. */
function addInstructions(parts: RequestPart[], instructions: unknown): void {
  if (nonEmptyString(instructions) === undefined) return;
  addText(addMessagePart(parts, "system", "instructions"), instructions);
}
