import type { CacheControlParam } from "../../../anthropic/content-block.ts";
import type { ChatMessageDialect } from "../../../profiles/chat-dialect.ts";
import type { CacheControl } from "../chat-request.ts";

/** The `cache_control` member of a part, or nothing if the upstream accepts no marks (rule 1.4). */
export function convertCacheMark(
  mark: CacheControlParam,
  { cacheMarks }: Pick<ChatMessageDialect, "cacheMarks">,
): { cache_control?: CacheControl } {
  if (mark === null || mark === undefined || cacheMarks === "strip") return {};
  const ttl = cacheMarks === "keep" ? mark.ttl : null;
  return { cache_control: { type: "ephemeral", ...(typeof ttl === "string" && { ttl }) } };
}
