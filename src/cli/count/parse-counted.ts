import { ApiError } from "../../anthropic/api-error.ts";
import { type ConversationRequest, countTokensRequestSchema } from "../../anthropic/messages-request.ts";
import { classifyJson } from "../../json/classify-json.ts";
import { deepestNesting, exceedsDepth } from "../../json/find-excess.ts";
import { isJsonObject, type JsonObject, nonEmptyString } from "../../json/json-value.ts";
import { selectProfile } from "../../profiles/select-profile.ts";
import { listRequestParts as listChatParts } from "../../protocols/chat/count/list-request-parts.ts";
import { buildChatRequest } from "../../protocols/chat/request/build-chat-request.ts";
import { listRequestParts as listResponsesParts } from "../../protocols/responses/count/list-request-parts.ts";
import { createPart, type RequestPart } from "../../tokens/request-part.ts";
import { readCountedRequest } from "../../translate/conversation/read-counted-request.ts";
import { CommandError } from "../command-error.ts";
import { isMessagesRequest } from "./is-messages-request.ts";
import { isResponsesRequest } from "./is-responses-request.ts";

/** The input that a person wants counted. */
export interface Counted {
  kind: "messages request" | "chat request" | "responses request" | "text";
  /** The model whose tokens are counted; null if it is unknown. */
  model: string | null;
  parts: RequestPart[];
  /** A line for the person if the input was probably meant to be something else, or null. */
  remark: string | null;
}

/** The upstream for which a messages request is translated; no settings are read. */
const assumedBaseUrl = "https://openrouter.ai/api/v1";

/**
 * Determines whether a text is a messages request, a chat request, a responses request, or just a text.
 * @param model counts for this model instead of the one in the request
 * @throws CommandError for a request that no proxy would accept, naming the field
 */
export function parseCounted(text: string, model: string | undefined): Counted {
  const request = parseRequest(text);
  if (request === null) {
    const parts = [createPart("message", "text", 0, text)];
    return { kind: "text", model: model ?? null, parts, remark: remarkOnJson(text) };
  }
  const requestedModel = model ?? nonEmptyString(request["model"]) ?? null;
  const { messages } = request;
  if (!Array.isArray(messages)) {
    const parts = listResponsesParts({ ...request, model: requestedModel });
    return { kind: "responses request", model: requestedModel, parts, remark: null };
  }
  if (!isMessagesRequest({ ...request, messages })) {
    const parts = listChatParts({ ...request, messages, model: requestedModel });
    return { kind: "chat request", model: requestedModel, parts, remark: null };
  }
  if (requestedModel === null) {
    throw new CommandError("This messages request names no model. Name one: --model ID", 2);
  }
  const parsed = countTokensRequestSchema.safeParse({ ...request, model: requestedModel });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CommandError(
      `This is not a valid messages request: ${issue?.path.join(".")}: ${issue?.message}`,
      2,
    );
  }
  return {
    kind: "messages request",
    model: requestedModel,
    parts: listChatParts(translate(parsed.data, requestedModel)),
    remark: null,
  };
}

/**
 * Returns an object that is a request of any kind, or null: any other JSON is an ordinary text.
 * @throws CommandError if it nests too deeply for recursive code
 */
function parseRequest(text: string): JsonObject | null {
  const value = parseAnyJson(text);
  if (!isJsonObject(value)) return null;
  if (!Array.isArray(value["messages"]) && !isResponsesRequest(value)) return null;
  if (exceedsDepth(text, deepestNesting)) {
    throw new CommandError(
      `This request is nested deeper than ${deepestNesting} levels, which the proxy does not accept.`,
      2,
    );
  }
  return value;
}

function parseAnyJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It is not JSON, so it is an ordinary text.
    return undefined;
  }
}

/** A person who passes JSON means a request, and a plain text counts differently. */
function remarkOnJson(text: string): string | null {
  if (!/^\s*[{[]/.test(text)) return null;
  const completeness = classifyJson(text);
  if (completeness === "complete") return null;
  const what = completeness === "incomplete" ? "ends too early" : "is not valid";
  return `The input begins like JSON but ${what}. It was counted as text.`;
}

function translate(request: ConversationRequest, model: string) {
  const profile = selectProfile({ setting: "auto", baseUrl: assumedBaseUrl, model, protocol: "chat" });
  try {
    // The output limit does not count as input.
    const asked = readCountedRequest(request, { profile, maxOutputTokens: 1 });
    return buildChatRequest(asked, { model, profile }).body;
  } catch (error) {
    if (error instanceof ApiError) throw new CommandError(error.message, 1, { cause: error });
    throw error;
  }
}
