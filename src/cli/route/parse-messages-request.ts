import {
  type ConversationRequest,
  countTokensRequestSchema,
  type MessagesRequest,
  messagesRequestSchema,
} from "../../anthropic/messages-request.ts";
import { deepestNesting, exceedsDepth } from "../../json/find-excess.ts";
import { isJsonObject, type JsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";
import { CommandError } from "../command-error.ts";

/** A messages request as a person gives it. Without `max_tokens` it is one for a count. */
export type GivenRequest = {
  /** As it was given, for upstreams to which it is passed on. */
  readonly body: JsonObject;
} & (
  | { readonly path: "messages"; readonly request: MessagesRequest }
  | { readonly path: "count_tokens"; readonly request: ConversationRequest }
);

/**
 * Parses a messages request.
 * @param model asks for this model instead of the one in the request
 * @throws CommandError naming the field at fault
 */
export function parseMessagesRequest(text: string, model: string | undefined): GivenRequest {
  if (exceedsDepth(text, deepestNesting)) {
    throw new CommandError(
      `This request is nested deeper than ${deepestNesting} levels, which the proxy does not accept.`,
      2,
    );
  }
  const value = parseJson(text);
  if (!isJsonObject(value)) {
    throw new CommandError("This is no messages request: it is not a JSON object.", 2);
  }
  if (model === undefined && typeof value["model"] !== "string") {
    throw new CommandError("This messages request names no model. Name one: --model ID", 2);
  }
  const body: JsonObject = model === undefined ? value : { ...value, model };
  if (body["max_tokens"] === undefined) {
    const parsed = countTokensRequestSchema.safeParse(body);
    if (parsed.success) return { path: "count_tokens", request: parsed.data, body };
    throw describeFault(parsed.error.issues[0]);
  }
  const parsed = messagesRequestSchema.safeParse(body);
  if (parsed.success) return { path: "messages", request: parsed.data, body };
  throw describeFault(parsed.error.issues[0]);
}

function describeFault(issue: { path: PropertyKey[]; message: string } | undefined): CommandError {
  const place = issue?.path.join(".") ?? "";
  return new CommandError(`This is no valid messages request: ${place}: ${issue?.message}`, 2);
}
