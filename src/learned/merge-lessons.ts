import { type Clearing, isCleared, type Lesson, type Lessons, lessonId } from "./lesson.ts";

/** Of each kind; the oldest are dropped first. */
const mostLessons = 500;
const mostClearings = 100;
/** What nobody has seen again for so long is dropped, and with it what keeps it from coming back. */
const longestMs = 90 * 24 * 60 * 60_000;

/**
 * Puts together what two sides know: of two that are about the same the newer one counts, and a clearing outweighs
 * everything up to its time. The result is sorted by time.
 */
export function mergeLessons(one: Lessons, other: Lessons, nowMs: number): Lessons {
  const clearings = mergeClearings([...one.clearings, ...other.clearings], nowMs);
  const newest = new Map<string, Lesson>();
  for (const lesson of [...one.lessons, ...other.lessons]) {
    if (nowMs - lesson.atMs > longestMs || isCleared(lesson, clearings)) continue;
    const id = `${lesson.kind}\n${lessonId(lesson.upstream, lesson.model, lesson.key)}`;
    const known = newest.get(id);
    if (known === undefined || isNewer(lesson, known)) newest.set(id, lesson);
  }
  const sorted = [...newest.values()].sort((a, b) => a.atMs - b.atMs);
  return { lessons: keepNewest(sorted), clearings };
}

function isNewer(lesson: Lesson, known: Lesson): boolean {
  return lesson.atMs === known.atMs ? lesson.isForgotten : lesson.atMs > known.atMs;
}

function mergeClearings(clearings: readonly Clearing[], nowMs: number): Clearing[] {
  const newest = new Map<string, Clearing>();
  for (const clearing of clearings) {
    const id = JSON.stringify([clearing.upstream, clearing.model]);
    const known = newest.get(id);
    if (nowMs - clearing.atMs <= longestMs && (known === undefined || clearing.atMs > known.atMs))
      newest.set(id, clearing);
  }
  return [...newest.values()].sort((a, b) => a.atMs - b.atMs).slice(-mostClearings);
}

function keepNewest(sorted: readonly Lesson[]): Lesson[] {
  const counts = new Map<string, number>();
  return sorted
    .toReversed()
    .filter(({ kind }) => {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return count <= mostLessons;
    })
    .toReversed();
}
