import type { ListedRequest } from "../../../record/record-reader.ts";

/** The requests that arrived in one minute. */
export interface MinuteCount {
  /** Its beginning: milliseconds since 1970. */
  readonly startMs: number;
  readonly requests: number;
  readonly errors: number;
}

const minuteMs = 60_000;

/** The requests of the last minutes, oldest first; the minute of `nowMs` is the last. */
export function countMinutes(
  requests: readonly Pick<ListedRequest, "timeMs" | "status" | "errorType">[],
  nowMs: number,
  minutes: number,
): readonly MinuteCount[] {
  const lastMinute = Math.floor(nowMs / minuteMs);
  const counts = Array.from({ length: minutes }, (_, index) => ({
    startMs: (lastMinute - minutes + 1 + index) * minuteMs,
    requests: 0,
    errors: 0,
  }));
  for (const { timeMs, status, errorType } of requests) {
    const count = counts[Math.floor(timeMs / minuteMs) - lastMinute + minutes - 1];
    if (count === undefined) continue;
    count.requests++;
    if (status >= 400 || errorType !== null) count.errors++;
  }
  return counts;
}
