import type { ConversationRequest } from "../../anthropic/messages-request.ts";
import { isJsonObject, nonEmptyString } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";

/** OpenRouter accepts no longer one. */
const maxLength = 256;
/** In characters. Claude Code's are below 300; a longer one is not searched. */
const maxUserIdLength = 4096;
const sessionMarker = "_session_";

/**
 * The client's session id, or null: in `metadata.user_id`, which is JSON `{device_id, account_uuid, session_id}`
 * in Claude Code of today and `user_…_session_<uuid>` in older ones (rule 1.1).
 */
export function findSessionId(request: Pick<ConversationRequest, "metadata">): string | null {
  const userId = request.metadata?.user_id;
  if (!userId || userId.length > maxUserIdLength) return null;
  const id = userId.startsWith("{") ? sessionIdOfJson(userId) : sessionIdOfWord(userId);
  return id === undefined || id.length > maxLength ? null : id;
}

function sessionIdOfWord(word: string): string | undefined {
  const start = word.lastIndexOf(sessionMarker);
  const id = word.slice(start + sessionMarker.length);
  return start !== -1 && /^[\w-]+$/.test(id) ? id : undefined;
}

function sessionIdOfJson(json: string): string | undefined {
  // Any string is allowed there; one that is not JSON only looked like ours.
  const parsed = parseJson(json);
  return isJsonObject(parsed) ? nonEmptyString(parsed["session_id"]) : undefined;
}
