import { ApiError } from "../../../../src/anthropic/api-error.ts";
import { messagesRequestSchema } from "../../../../src/anthropic/messages-request.ts";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import { selectProfile } from "../../../../src/profiles/select-profile.ts";
import type { ChatMessage, ChatRequest } from "../../../../src/protocols/chat/chat-request.ts";
import type { AnswerPlan } from "../../../../src/translate/answer/answer-plan.ts";
import { type TranslationOptions, translateRequest } from "../../../support/translate-request.ts";

/** Where a test sends its request. */
export interface Target {
  profile?: ProfileId;
  model?: string;
  baseUrl?: string;
  maxOutputTokens?: number;
  withoutOpaqueReasoning?: boolean;
  emptyReasoningAs?: "";
}

/** A request as little as it can be, with `fields` laid over it. */
export function requestBody(fields: object): unknown {
  return {
    model: "claude-opus-5-5",
    max_tokens: 100,
    messages: [{ role: "user", content: "hi" }],
    ...fields,
  };
}

/** The chat request and all that is known of its answer. */
interface Plan extends AnswerPlan {
  chatRequest: ChatRequest;
  dropped: readonly string[];
  repairs: readonly string[];
}

/** The plan for a request body as it comes from a client. */
export function plan(fields: object, target: Target = {}): Plan {
  const { profile: setting = "generic", model = "m", baseUrl = "https://upstream.test/v1", ...rest } = target;
  const profile = selectProfile({ setting, baseUrl, model });
  const options: TranslationOptions = { maxOutputTokens: 64_000, ...rest, model, profile };
  const request = messagesRequestSchema.parse(requestBody(fields));
  const { body, plan, dropped, mended: repairs } = translateRequest(request, options);
  return { ...plan, chatRequest: body, dropped, repairs };
}

/** The chat request as the upstream reads it. */
export function build(fields: object, target: Target = {}): ChatRequest {
  return JSON.parse(JSON.stringify(plan(fields, target).chatRequest));
}

/** Only the messages of the chat request. */
export function messages(conversation: object[], target: Target = {}): ChatMessage[] {
  return build({ messages: conversation }, target).messages;
}

/** An assistant message that calls one tool, and the user message with its result. */
export function toolRound(id: string, result: object = { content: "ok" }, name = "Read"): [object, object] {
  return [
    { role: "assistant", content: [{ type: "tool_use", id, name, input: { p: "a" } }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id, ...result }] },
  ];
}

/** What the client is told when the request is refused. */
export function refusalOf(
  fields: object,
  target: Target = {},
): { type: string; status: number; message: string } {
  try {
    plan(fields, target);
  } catch (error) {
    if (error instanceof ApiError) return { type: error.type, status: error.status, message: error.message };
    throw error;
  }
  throw new Error("the request was not refused");
}

/** A refusal of an invalid request in these words. */
export function invalidRequest(message: string): ReturnType<typeof refusalOf> {
  return { type: "invalid_request_error", status: 400, message };
}
