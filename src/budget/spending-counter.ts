import type { SpendingCap } from "../config/list-caps.ts";
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

  /** Whether the moment is in its period. */
  holdsAt(timeMs: number): boolean {
    return this.period === null || (timeMs >= this.period.startMs && timeMs < this.period.endMs);
  }
}
