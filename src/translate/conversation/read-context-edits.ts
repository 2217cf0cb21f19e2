import type { ConversationRequest } from "../../anthropic/messages-request.ts";
import { isJsonObject, type JsonObject } from "../../json/json-value.ts";

/** The edits that `context_management` requests. */
export function readContextEdits(request: Pick<ConversationRequest, "context_management">): JsonObject[] {
  const edits = request.context_management?.["edits"];
  return Array.isArray(edits) ? edits.filter(isJsonObject) : [];
}
