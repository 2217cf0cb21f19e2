import type { UsageGroup } from "../../../record/record-reader.ts";

/** What one can look at; the other groups of the server are for the command line. */
export const shownGroups = [
  "day",
  "model",
  "upstream",
  "client",
  "kind",
] as const satisfies readonly UsageGroup[];

export type ShownGroup = (typeof shownGroups)[number];
