import type { CacheControlParam } from "../../../anthropic/content-block.ts";
import type { Profile } from "../../../profiles/profile.ts";
import type { CacheControl } from "../chat-request.ts";

/** The `cache_control` member that goes with a part, or nothing where the upstream takes no marks (rule 1.4). */
export function convertCacheMark(
  mark: CacheControlParam,
  profile: Profile,
): { cache_control?: CacheControl } {
  if (mark === null || mark === undefined || profile.cacheMarks === "strip") return {};
  const ttl = profile.cacheMarks === "keep" ? mark.ttl : null;
  return { cache_control: { type: "ephemeral", ...(typeof ttl === "string" && { ttl }) } };
}
