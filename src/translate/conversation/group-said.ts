import type { SaidPart } from "./said-part.ts";
import type { SystemEntry, UserTurn } from "./turn.ts";

/**
 * What a user turn says besides results, grouped as messages: runs of parts, with `system` entries in their place.
 * `attachments` of its results come first.
 */
export function groupSaid(
  attachments: readonly SaidPart[],
  said: UserTurn["said"],
): (readonly SaidPart[] | SystemEntry)[] {
  const groups: (readonly SaidPart[] | SystemEntry)[] = [];
  let run = [...attachments];
  for (const item of said) {
    if (item.type === "system_entry") {
      if (run.length > 0) groups.push(run);
      groups.push(item);
      run = [];
    } else run.push(item);
  }
  if (run.length > 0) groups.push(run);
  return groups;
}

/** Tells the two kinds of groups apart. */
export function isSystemEntry(group: readonly SaidPart[] | SystemEntry): group is SystemEntry {
  return !Array.isArray(group);
}
