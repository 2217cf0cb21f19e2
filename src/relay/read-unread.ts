import type { ConversationRequest, MessagesRequest } from "../anthropic/messages-request.ts";
import type { PurposefulRequest } from "../anthropic/request-kind.ts";
import { UnreadRequest } from "../anthropic/unread-request.ts";
import { findSessionId } from "../translate/conversation/find-session-id.ts";

/** The id that a request asks for. */
export function modelOf(request: ConversationRequest | UnreadRequest): string {
  return request instanceof UnreadRequest ? request.body.model : request.model;
}

/** Whether a request asks for a stream. */
export function wantsStream(request: MessagesRequest | UnreadRequest): boolean {
  const { stream } = request instanceof UnreadRequest ? request.body : request;
  return stream === true;
}

/** The session that a request names in its body, or null. */
export function sessionOf(request: ConversationRequest | UnreadRequest): string | null {
  return request instanceof UnreadRequest ? null : findSessionId(request);
}

/** What can be told of a request by its content: of one that cannot be read, the model alone. */
export function withoutUnread(request: ConversationRequest | UnreadRequest): PurposefulRequest {
  return request instanceof UnreadRequest ? { model: request.body.model, messages: [] } : request;
}
