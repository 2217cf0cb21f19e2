import type { UsageSum } from "../../../record/record-reader.ts";
import { addSums } from "./usage-figures.ts";

/** One place of a chart; `sum` is null for a day without requests. */
export interface ChartGroup {
  readonly label: string;
  readonly sum: UsageSum | null;
}

const dayMs = 86_400_000;
/** Days that a chart shows at most: a record of years would be a row of hairs. */
const mostDays = 120;

/** The days of a chart from the first to the last with requests, those between them without any included. */
export function fillDays(sums: readonly UsageSum[]): readonly ChartGroup[] {
  const known = new Map(sums.flatMap((sum) => (isDay(sum.key) ? [[sum.key, sum] as const] : [])));
  const times = [...known.keys()].map((day) => Date.parse(`${day}T00:00:00Z`));
  if (times.length === 0) return [];
  const last = Math.max(...times);
  const groups: ChartGroup[] = [];
  // A day of the calendar has no zone here, so each of them is as long as the others.
  for (let at = Math.max(Math.min(...times), last - (mostDays - 1) * dayMs); at <= last; at += dayMs) {
    const label = new Date(at).toISOString().slice(0, 10);
    groups.push({ label, sum: known.get(label) ?? null });
  }
  return groups;
}

function isDay(key: string | null): key is string {
  return key !== null && /^\d{4}-\d{2}-\d{2}$/.test(key) && !Number.isNaN(Date.parse(`${key}T00:00:00Z`));
}

/** The first groups of a chart, in their order, and the sum of all others as one. */
export function foldGroups(
  sums: readonly UsageSum[],
  most: number,
  nameOf: (key: string | null) => string,
): readonly ChartGroup[] {
  const shown = sums.length > most ? sums.slice(0, most - 1) : sums;
  const rest = sums.slice(shown.length);
  const groups = shown.map((sum) => ({ label: nameOf(sum.key), sum }));
  return rest.length === 0 ? groups : [...groups, { label: `${rest.length} others`, sum: addSums(rest) }];
}
