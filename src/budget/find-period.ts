/** A day or a month on the user's own clock. */
export interface Period {
  /** Milliseconds since 1970. */
  readonly startMs: number;
  /** The first millisecond that is not part of it. */
  readonly endMs: number;
}

/**
 * The day or month of a moment, in the local time zone. One in which the clocks change is an hour shorter or longer.
 * @param nowMs milliseconds since 1970
 */
export function findPeriod(kind: "day" | "month", nowMs: number): Period {
  const now = new Date(nowMs);
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const [from, to] =
    kind === "day"
      ? [new Date(year, month, day), new Date(year, month, day + 1)]
      : [new Date(year, month, 1), new Date(year, month + 1, 1)];
  return { startMs: from.getTime(), endMs: to.getTime() };
}
