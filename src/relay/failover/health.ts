import { keep } from "../../learned/keep.ts";

/** So many failures one after the other, however long they took. */
const failuresInRow = 5;
/** Or so many of the last twenty answers, if those came within a minute. */
const countedAnswers = 20;
const failuresAmongThem = 10;
const countedMs = 60_000;

const firstPauseMs = 5_000;
const longestPauseMs = 300_000;

interface Outcome {
  atMs: number;
  hasFailed: boolean;
}

interface Condition {
  /** At most twenty, the oldest first. */
  last: Outcome[];
  /** Until when the target is passed over; null while it is not. */
  pausedUntilMs: number | null;
  /** How long the present pause is, or the last one was if no answer has come since. */
  pauseMs: number;
  /** A request is on its way that finds out whether the pause is over. */
  isProbed: boolean;
}

/** One request to a target, until it is known what came of it. Without a verdict it counts for nothing. */
export interface Trial {
  /** The answer has begun. */
  succeed(): void;
  /**
   * It has failed, or broken off after it had begun. Only the first call counts.
   * @returns for how many milliseconds the target is now passed over; null if this failure changed nothing
   */
  fail(): number | null;
  /** Nobody will say what came of it: gives back the place of a probe. Does nothing after a verdict. */
  release(): void;
}

/** How a target is. */
export interface TargetCondition {
  readonly target: string;
  /** When a request may find out whether it is well again; null if it is not passed over. */
  readonly pausedUntilMs: number | null;
  /** A request is on its way that finds out. */
  readonly isProbed: boolean;
}

/** Which targets have failed so often that they are passed over for a while. */
export interface Health {
  /** When a request may find out whether the target is well again; null if the target may be asked now. */
  pausedUntilMs(target: string): number | null;
  /** Begins a request to the target. The first one after a pause is its probe: until then no other may ask. */
  begin(target: string): Trial;
  /** All targets that were asked. */
  list(): TargetCondition[];
  /** Forgets all targets of an upstream, whose settings have changed: nothing is known of it any more. */
  forgetTargetsOf(upstream: string): void;
}

/** Creates the health of targets of which nothing is known. `nowMs`: from any origin, never decreasing. */
export function createHealth(nowMs: () => number): Health {
  const conditions = new Map<string, Condition>();
  return {
    pausedUntilMs(target) {
      const condition = conditions.get(target);
      if (condition === undefined || condition.pausedUntilMs === null) return null;
      return condition.isProbed || nowMs() < condition.pausedUntilMs ? condition.pausedUntilMs : null;
    },
    begin(target) {
      const condition = conditions.get(target) ?? createCondition();
      keep(conditions, target, condition);
      const { pausedUntilMs: untilMs } = condition;
      const isProbe = untilMs !== null && nowMs() >= untilMs && !condition.isProbed;
      if (isProbe) condition.isProbed = true;
      return createTrial(condition, isProbe, nowMs);
    },
    list: () =>
      Array.from(conditions, ([target, { pausedUntilMs, isProbed }]) => ({
        target,
        pausedUntilMs,
        isProbed,
      })),
    forgetTargetsOf(upstream) {
      for (const target of conditions.keys())
        if (target.startsWith(`${upstream}/`)) conditions.delete(target);
    },
  };
}

function createCondition(): Condition {
  return { last: [], pausedUntilMs: null, pauseMs: 0, isProbed: false };
}

function createTrial(condition: Condition, isProbe: boolean, nowMs: () => number): Trial {
  let outcome: Outcome | null = null;
  let isOver = false;
  const end = () => {
    isOver = true;
    if (isProbe) condition.isProbed = false;
  };
  return {
    succeed() {
      if (isOver) return;
      end();
      // Whatever the target was before: it answers.
      if (condition.pausedUntilMs !== null) Object.assign(condition, createCondition());
      outcome = note(condition, { atMs: nowMs(), hasFailed: false });
    },
    fail() {
      if (isOver && (outcome === null || outcome.hasFailed)) return null;
      if (!isOver) end();
      const isPaused = condition.pausedUntilMs !== null;
      // Requests that were on their way when the pause began, or had no other target, do not make it longer.
      if (isPaused && !isProbe) return null;
      if (outcome === null) outcome = note(condition, { atMs: nowMs(), hasFailed: true });
      else outcome.hasFailed = true;
      return isPaused || isBad(condition.last) ? pause(condition, nowMs()) : null;
    },
    release() {
      if (!isOver) end();
    },
  };
}

function note(condition: Condition, outcome: Outcome): Outcome {
  condition.last.push(outcome);
  if (condition.last.length > countedAnswers) condition.last.shift();
  return outcome;
}

function isBad(last: readonly Outcome[]): boolean {
  const isRow =
    last.length >= failuresInRow && last.slice(-failuresInRow).every(({ hasFailed }) => hasFailed);
  if (isRow) return true;
  const [oldest] = last;
  const newest = last.at(-1);
  if (oldest === undefined || newest === undefined || last.length < countedAnswers) return false;
  const isSoon = newest.atMs - oldest.atMs <= countedMs;
  return isSoon && last.filter(({ hasFailed }) => hasFailed).length >= failuresAmongThem;
}

function pause(condition: Condition, nowMs: number): number {
  condition.pauseMs = Math.min(longestPauseMs, Math.max(firstPauseMs, condition.pauseMs * 2));
  condition.pausedUntilMs = nowMs + condition.pauseMs;
  condition.last = [];
  return condition.pauseMs;
}
