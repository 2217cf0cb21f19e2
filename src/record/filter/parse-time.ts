import { readDecimal } from "../../json/whole-number.ts";

const unitMs: ReadonlyMap<string, number> = new Map([
  ["s", 1000],
  ["m", 60_000],
  ["min", 60_000],
  ["h", 3_600_000],
]);

/** A span of time: from its first millisecond up to, but without, the last. */
export interface TimeSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * A time as people write it, in the time zone of this process: `2h` and `30m` ago, `7d` and `2w` ago, `today`,
 * `yesterday`, a day, a month, a time with or without a zone. A day is a span, a moment one without length.
 * @returns null if the text is none
 */
export function parseTime(text: string, nowMs: number): TimeSpan | null {
  const word = text.toLowerCase();
  if (word === "now") return momentOf(nowMs);
  if (word === "today") return dayOf(nowMs, 0);
  if (word === "yesterday") return dayOf(nowMs, -1);
  return parseAge(word, nowMs) ?? parseDate(text) ?? parseMoment(text, nowMs);
}

function parseAge(word: string, nowMs: number): TimeSpan | null {
  const [, digits = "", unit = ""] = /^(\d{1,6}(?:\.\d+)?)(s|m|min|h|d|w)$/.exec(word) ?? [];
  const count = readDecimal(digits);
  if (count === null) return null;
  const ms = unitMs.get(unit);
  if (ms !== undefined) return momentOf(nowMs - count * ms);
  // The same time of day so many days ago, also where a day had 23 or 25 hours.
  const then = new Date(nowMs);
  const days = count * (unit === "w" ? 7 : 1);
  if (!Number.isInteger(days)) return momentOf(nowMs - days * 86_400_000);
  then.setDate(then.getDate() - days);
  return momentOf(then.getTime());
}

function parseDate(text: string): TimeSpan | null {
  const [year, month, day] = readFigures(/^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(text));
  if (year === undefined || month === undefined) return null;
  const start = localDate(year, month - 1, day ?? 1);
  if (start.getMonth() !== month - 1 || start.getDate() !== (day ?? 1)) return null;
  const end = day === undefined ? localDate(year, month, 1) : localDate(year, month - 1, day + 1);
  return spanOf(start.getTime(), end.getTime());
}

function parseMoment(text: string, nowMs: number): TimeSpan | null {
  const today = new Date(nowMs);
  const [hour, minute, second = 0] = readFigures(/^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text));
  if (hour !== undefined && minute !== undefined) {
    if (hour > 23 || minute > 59 || second > 59) return null;
    return momentOf(new Date(today).setHours(hour, minute, second, 0));
  }
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?$/i.test(text)) return null;
  return momentOf(Date.parse(text.replace(" ", "T").toUpperCase()));
}

/** The numbers of a match in their order. */
function readFigures(match: RegExpExecArray | null): number[] {
  return (match ?? []).slice(1).flatMap((digits) => readDecimal(digits) ?? []);
}

function dayOf(nowMs: number, offset: number): TimeSpan | null {
  const now = new Date(nowMs);
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate() + offset];
  return spanOf(localDate(year, month, day).getTime(), localDate(year, month, day + 1).getTime());
}

/** Not by the constructor alone, to which the year 20 is 1920. */
function localDate(year: number, month: number, day: number): Date {
  const date = new Date(2000, 0, 1);
  date.setFullYear(year, month, day);
  return date;
}

function momentOf(ms: number): TimeSpan | null {
  return spanOf(ms, ms);
}

function spanOf(startMs: number, endMs: number): TimeSpan | null {
  return Number.isFinite(startMs) && Number.isFinite(endMs) ? { startMs, endMs } : null;
}
