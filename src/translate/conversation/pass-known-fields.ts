import type { JsonObject } from "../../json/json-value.ts";
import type { RequestNotes } from "../request-notes.ts";
import type { Asked } from "./asked.ts";

/** The fields that this upstream accepts unchanged; notes all others that nothing reads (rule 1.1). */
export function passKnownFields(
  { fields, droppedWishes }: Asked["others"],
  passedKeys: readonly string[],
  notes: RequestNotes,
): JsonObject {
  const passed: JsonObject = {};
  for (const [key, value] of Object.entries(fields)) {
    if (passedKeys.includes(key)) passed[key] = value;
    else notes.dropped.add(key);
  }
  for (const wish of droppedWishes) notes.dropped.add(wish);
  return passed;
}
