import { diffArrays } from "diff";

/** A run of lines that both texts have, or one of them. */
export interface LineRun {
  readonly kind: "same" | "removed" | "added";
  readonly lines: readonly string[];
}

/** So long the page stands still at the worst. */
const longestMs = 700;
/** Beyond so many differing lines a comparison shows nothing that two texts beside each other would not. */
const mostEdits = 6000;

/**
 * Compares texts line by line. Null if they differ in so much that it would take too long.
 * What both begin and end with is put aside first: one turn of a conversation mostly continues the one before.
 */
export async function compareTexts(before: string, after: string): Promise<readonly LineRun[] | null> {
  const old = before.split("\n");
  const young = after.split("\n");
  const most = Math.min(old.length, young.length);
  let start = 0;
  while (start < most && old[start] === young[start]) start += 1;
  let end = 0;
  while (end < most - start && old[old.length - 1 - end] === young[young.length - 1 - end]) end += 1;
  const middle = await compareLines(
    old.slice(start, old.length - end),
    young.slice(start, young.length - end),
  );
  if (middle === null) return null;
  const runs: LineRun[] = [
    { kind: "same", lines: young.slice(0, start) },
    ...middle,
    { kind: "same", lines: young.slice(young.length - end) },
  ];
  return runs.filter(({ lines }) => lines.length > 0);
}

/** In one go, as the package would pause after each single edit, and browsers make every pause 4 ms long. */
async function compareLines(old: string[], young: string[]): Promise<LineRun[] | null> {
  // What is shown while it is compared has to be drawn first.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const changes = diffArrays(old, young, { timeout: longestMs, maxEditLength: mostEdits });
  return (
    changes?.map(({ value, added, removed }) => ({
      kind: added ? "added" : removed ? "removed" : "same",
      lines: value,
    })) ?? null
  );
}

/** Equal lines that are not shown. */
export interface SkippedLines {
  readonly kind: "skipped";
  readonly count: number;
}

/** The runs with long equal ones shortened to the lines around what differs. */
export function shortenRuns(runs: readonly LineRun[], around = 3): readonly (LineRun | SkippedLines)[] {
  return runs.flatMap((run, index): (LineRun | SkippedLines)[] => {
    if (run.kind !== "same") return [run];
    const head = index === 0 ? 0 : around;
    const tail = index === runs.length - 1 ? 0 : around;
    const count = run.lines.length - head - tail;
    if (count <= 1) return [run];
    const parts: (LineRun | SkippedLines)[] = [{ kind: "skipped", count }];
    if (head > 0) parts.unshift({ kind: "same", lines: run.lines.slice(0, head) });
    if (tail > 0) parts.push({ kind: "same", lines: run.lines.slice(-tail) });
    return parts;
  });
}
