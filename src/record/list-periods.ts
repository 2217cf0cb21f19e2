import type { UsageGroup } from "./record-reader.ts";

/** The groups that are periods of time. */
export type PeriodName = Extract<UsageGroup, "day" | "week" | "month">;

/** A period of the local time zone: from its first millisecond up to, but without, that of the next. */
export interface Period {
  /** `2026-11-30`, `2026-W49`, `2026-11`. */
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The periods that a span of time touches, from oldest to newest. They are those of the time zone of this process: a day
 * may have 23 or 25 hours. Weeks begin on Monday, and are counted as ISO 8601 does.
 */
export function listPeriods(by: PeriodName, fromMs: number, toMs: number): Period[] {
  const periods: Period[] = [];
  let start = beginOf(by, new Date(fromMs));
  while (start.getTime() <= toMs) {
    const next = nextOf(by, start);
    periods.push({ key: keyOf(by, start), startMs: start.getTime(), endMs: next.getTime() });
    start = next;
  }
  return periods;
}

function beginOf(by: PeriodName, time: Date): Date {
  const [year, month, day] = [time.getFullYear(), time.getMonth(), time.getDate()];
  if (by === "month") return new Date(year, month, 1);
  return by === "day" ? new Date(year, month, day) : new Date(year, month, day - daysSinceMonday(time));
}

function nextOf(by: PeriodName, start: Date): Date {
  const [year, month, day] = [start.getFullYear(), start.getMonth(), start.getDate()];
  if (by === "month") return new Date(year, month + 1, 1);
  return new Date(year, month, day + (by === "day" ? 1 : 7));
}

function keyOf(by: PeriodName, start: Date): string {
  if (by === "week") return weekKeyOf(start);
  const month = `${start.getFullYear()}-${twoDigits(start.getMonth() + 1)}`;
  return by === "month" ? month : `${month}-${twoDigits(start.getDate())}`;
}

/** A week belongs to the year of its Thursday. */
function weekKeyOf(monday: Date): string {
  const thursday = new Date(monday.getFullYear(), monday.getMonth(), monday.getDate() + 3);
  const year = thursday.getFullYear();
  // Days are counted by noon, which no change of the clocks moves to another day.
  const dayOfYear = Math.round(
    (new Date(year, thursday.getMonth(), thursday.getDate(), 12).getTime() -
      new Date(year, 0, 1, 12).getTime()) /
      86_400_000,
  );
  return `${year}-W${twoDigits(Math.floor(dayOfYear / 7) + 1)}`;
}

function daysSinceMonday(time: Date): number {
  return (time.getDay() + 6) % 7;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
