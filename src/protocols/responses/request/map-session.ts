import { createHash } from "node:crypto";
import type { RequestTraits } from "../../../profiles/model-traits.ts";
import type { ResponsesRequest } from "../responses-request.ts";

/** OpenAI refuses a longer `prompt_cache_key`; the hash has as many characters. */
const maxKeyLength = 64;

/** The client's session in the field that the upstream has for it (rule 21); nothing if there is none. */
export function mapSession(
  sessionId: string | null,
  { session }: Pick<RequestTraits, "session">,
): Partial<ResponsesRequest> {
  if (sessionId === null || session === "none") return {};
  if (session === "session_id") return { session_id: sessionId };
  const isTooLong = sessionId.length > maxKeyLength;
  return { prompt_cache_key: isTooLong ? createHash("sha256").update(sessionId).digest("hex") : sessionId };
}
