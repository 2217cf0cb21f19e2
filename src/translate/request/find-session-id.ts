import type { CountTokensRequest } from "../../anthropic/messages-request.ts";
import { isJsonObject, nonEmptyString } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";

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
  // Any string is allowed there; one that is no JSON only looked like ours.
  const parsed = parseJson(json);
  return isJsonObject(parsed) ? nonEmptyString(parsed["session_id"]) : undefined;
}
