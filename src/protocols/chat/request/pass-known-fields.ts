import type { JsonObject } from "../../../json/json-value.ts";
import type { ChatDialect } from "../../../profiles/chat-dialect.ts";
import type { Asked } from "../../../translate/conversation/asked.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";

/** The fields that this upstream accepts unchanged; notes all others that nothing reads (rule 1.1). */
export function passKnownFields(
  { others, cacheMark }: Pick<Asked, "others" | "cacheMark">,
  { request, messages }: ChatDialect,
  notes: RequestNotes,
): JsonObject {
  const passed: JsonObject = {};
  for (const [key, value] of Object.entries(others.fields)) {
    if (request.passedKeys.includes(key)) passed[key] = value;
    else notes.dropped.add(key);
  }
  for (const wish of others.droppedWishes) notes.dropped.add(wish);
  if (messages.cacheMarks === "keep" && cacheMark !== null) passed["cache_control"] = cacheMark;
  return passed;
}
