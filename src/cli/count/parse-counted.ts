import { ApiError } from "../../anthropic/api-error.ts";
import { type CountTokensRequest, countTokensRequestSchema } from "../../anthropic/messages-request.ts";
import { isJsonObject, type JsonObject, nonEmptyString } from "../../json/json-value.ts";
import { selectProfile } from "../../profiles/select-profile.ts";
import { listRequestParts } from "../../tokens/list-request-parts.ts";
import { createPart, type RequestPart } from "../../tokens/request-part.ts";
import { buildCountedChatRequest } from "../../translate/request/build-chat-request.ts";
import { CommandError } from "../command-error.ts";
import { isMessagesRequest } from "./is-messages-request.ts";

/** What a person gave to be counted. */
export interface Counted {
  kind: "messages request" | "chat request" | "text";
  /** Whose tokens are asked for; null when nothing tells. */
  model: string | null;
  parts: RequestPart[];
}

/** The upstream that a messages request is translated for; no settings are read. */
const assumedBaseUrl = "https://openrouter.ai/api/v1";

/**
 * Finds out what a text is: a messages request, a chat request, or just a text.
 * @param model counts for this model instead of the one in the request
 * @throws CommandError for a messages request that no proxy would take, naming the field
 */
export function parseCounted(text: string, model: string | undefined): Counted {
  const request = parseRequest(text);
  if (request === null) {
    return { kind: "text", model: model ?? null, parts: [createPart("message", "text", 0, text)] };
  }
  const requestedModel = model ?? nonEmptyString(request["model"]) ?? null;
  if (!isMessagesRequest(request)) {
    const parts = listRequestParts({ ...request, model: requestedModel });
    return { kind: "chat request", model: requestedModel, parts };
  }
  if (requestedModel === null) {
    throw new CommandError("This messages request names no model. Say for which to count: --model ID", 2);
  }
  const parsed = countTokensRequestSchema.safeParse({ ...request, model: requestedModel });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CommandError(
      `This is no valid messages request: ${issue?.path.join(".")}: ${issue?.message}`,
      1,
    );
  }
  return {
    kind: "messages request",
    model: requestedModel,
    parts: listRequestParts(translate(parsed.data, requestedModel)),
  };
}

/** An object with messages, or null: any other JSON is a text like any other. */
function parseRequest(text: string): (JsonObject & { messages: unknown[] }) | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) return null;
    const { messages } = value;
    return Array.isArray(messages) ? { ...value, messages } : null;
  } catch {
    // Not JSON, hence a text.
    return null;
  }
}

function translate(request: CountTokensRequest, model: string) {
  const profile = selectProfile({ setting: "auto", baseUrl: assumedBaseUrl, model });
  try {
    // The limit of the output does not count as input.
    return buildCountedChatRequest(request, { model, profile, maxOutputTokens: 1 });
  } catch (error) {
    if (error instanceof ApiError) throw new CommandError(error.message, 1, { cause: error });
    throw error;
  }
}
