import type { JsonObject } from "../../../json/json-value.ts";
import type { Profile } from "../../../profiles/profile.ts";
import type { Asked } from "../../../translate/conversation/asked.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";

/** The fields that this upstream takes as they are; all others that nobody reads are noted (rule 1.1). */
export function passKnownFields(
  { others, cacheMark }: Pick<Asked, "others" | "cacheMark">,
  profile: Profile,
  notes: RequestNotes,
): JsonObject {
  const passed: JsonObject = {};
  for (const [key, value] of Object.entries(others.fields)) {
    if (profile.passedKeys.includes(key)) passed[key] = value;
    else notes.dropped.add(key);
  }
  for (const wish of others.droppedWishes) notes.dropped.add(wish);
  if (profile.cacheMarks === "keep" && cacheMark !== null) passed["cache_control"] = cacheMark;
  return passed;
}
