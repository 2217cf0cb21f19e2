import type { SpendingCap } from "../config/list-caps.ts";
import type { SpentQuery } from "../record/record-reader.ts";
import type { Period } from "./find-period.ts";

/** What was spent against one cap, in one period or by one session. */
export class SpendingCounter {
  readonly cap: SpendingCap;
  /** Null for a session, which has no end. */
  readonly period: Period | null;
  readonly sessionId: string | null;
  spentUsd = 0;
  hasWarned = false;
  /** Settles when it is known what was spent before, or nobody waits for that any longer; null then. */
  beginning: Promise<void> | null = null;

  constructor(cap: SpendingCap, { period, sessionId }: Pick<SpendingCounter, "period" | "sessionId">) {
    this.cap = cap;
    this.period = period;
    this.sessionId = sessionId;
  }

  /** When it ends: milliseconds since 1970; never for a session. */
  get endMs(): number {
    return this.period?.endMs ?? Number.POSITIVE_INFINITY;
  }

  /** Asks the record what was spent before. */
  get spentQuery(): SpentQuery {
    const { cap, period, sessionId } = this;
    return {
      sinceMs: period?.startMs ?? 0,
      ...(cap.client === null ? {} : { client: cap.client }),
      ...(sessionId === null ? {} : { sessionId }),
    };
  }

  /** Whether the moment is in its period. */
  holdsAt(timeMs: number): boolean {
    return this.period === null || (timeMs >= this.period.startMs && timeMs < this.period.endMs);
  }
}

/** Of caps that are reached, the one to tell of: what ends first would let nobody in. Undefined without any. */
export function findLastToEnd(reached: readonly SpendingCounter[]): SpendingCounter | undefined {
  return reached.toSorted((one, other) => one.endMs - other.endMs).at(-1);
}
