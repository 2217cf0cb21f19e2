import type { RecordedRequest } from "../../../record/recorded-request.ts";

export type LaidAttempt = RecordedRequest["attempts"][number] & {
  /** From 1. */
  readonly number: number;
  readonly isFailed: boolean;
  /** Where its bar begins and how long it is, in percent of the whole time. */
  readonly startPercent: number;
  readonly lengthPercent: number;
};

/** Lays the attempts of a request on a line of its whole time, one behind the other. */
export function layAttempts({
  attempts,
  durationMs,
}: Pick<RecordedRequest, "attempts" | "durationMs">): LaidAttempt[] {
  const sum = attempts.reduce((total, { ms }) => total + ms, 0);
  const wholeMs = Math.max(durationMs, sum, 1);
  let startMs = 0;
  return attempts.map((attempt, index) => {
    const laid = {
      ...attempt,
      number: index + 1,
      isFailed: attempt.error !== null || attempt.status === null || attempt.status >= 400,
      startPercent: (startMs / wholeMs) * 100,
      lengthPercent: (attempt.ms / wholeMs) * 100,
    };
    startMs += attempt.ms;
    return laid;
  });
}
