import type { Clearing, Lesson } from "../../learned/lesson.ts";
import { CommandError } from "../command-error.ts";

/**
 * What `--clear WHAT` is about: an upstream by its address, its host or its name in the configuration file, and behind
 * a slash one of its models; everything without WHAT. It clears what is there now, also under a clock that was set back.
 * Throws CommandError, naming what there is, if nothing was learned of it.
 */
export function findClearing(
  what: string | null,
  lessons: readonly Lesson[],
  { names, nowMs }: { names: ReadonlyMap<string, string>; nowMs: number },
): Clearing {
  const atMs = Math.max(nowMs, ...lessons.map((lesson) => lesson.atMs));
  if (what === null) return { upstream: null, model: null, atMs };
  const known = lessons.filter(({ isForgotten }) => !isForgotten);
  const upstreams = [...new Set(known.map(({ upstream }) => upstream))];
  const labels = upstreams.flatMap((upstream) =>
    [upstream, upstream.split("/")[0] ?? "", names.get(upstream) ?? ""].map((label) => ({ label, upstream })),
  );
  // Of a host and an address below it the longer one is meant.
  const [found] = labels
    .filter(({ label }) => label !== "" && (what === label || what.startsWith(`${label}/`)))
    .sort((one, other) => other.label.length - one.label.length);
  const model = found === undefined || what === found.label ? null : what.slice(found.label.length + 1);
  const isKnown = found !== undefined && known.some((lesson) => isAbout(lesson, found.upstream, model));
  if (isKnown) return { upstream: found.upstream, model, atMs };
  const there = known.map(({ upstream, model: of }) => `${names.get(upstream) ?? upstream}/${of}`);
  throw new CommandError(
    there.length === 0
      ? `Nothing was learned of ${what}, or of anything else.`
      : `Nothing was learned of ${what}. There is: ${[...new Set(there)].join(", ")}`,
    1,
  );
}

function isAbout(lesson: Lesson, upstream: string, model: string | null): boolean {
  return lesson.upstream === upstream && (model === null || lesson.model === model);
}
