import type { CountTokensRequest } from "../../anthropic/messages-request.ts";
import { isJsonObject, nonEmptyString } from "../../json/json-value.ts";

/** OpenRouter takes no longer one. */
const maxLength = 256;

/**
 * The client's session id, or null: in `metadata.user_id`, which is JSON `{device_id, account_uuid, session_id}`
 * in Claude Code of today and `user_…_session_<uuid>` in older ones (rule 1.1).
 */
export function findSessionId(request: Pick<CountTokensRequest, "metadata">): string | null {
  const userId = request.metadata?.user_id;
  if (!userId) return null;
  const id = userId.startsWith("{") ? sessionIdOfJson(userId) : /_session_([\w-]+)$/.exec(userId)?.[1];
  return id === undefined || id.length > maxLength ? null : id;
}

function sessionIdOfJson(json: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return isJsonObject(parsed) ? nonEmptyString(parsed["session_id"]) : undefined;
  } catch {
    return undefined; // Any string is allowed there; this one only looked like ours.
  }
}
