import { type ChangeObject, diffArrays, diffWordsWithSpace } from "diff";

/** A line of one text beside its counterpart in the other; null where there is none. */
export interface DiffRow {
  readonly before: string | null;
  readonly after: string | null;
}

/** A piece of a line: in both, only in the first, or only in the second. */
export interface DiffWord {
  readonly text: string;
  readonly side: "both" | "before" | "after";
}

/** More differences than anybody reads, and as many as are found at once. */
const mostEdits = 2000;
/** A line with more differences is shown as two. */
const mostWordEdits = 500;

/** Compares two texts line by line. Texts that have little in common stand as wholes beside each other. */
export function diffTexts(before: string, after: string): DiffRow[] {
  const [old, fresh] = [splitLines(before), splitLines(after)];
  const changes: ChangeObject<string[]>[] = diffArrays(old, fresh, { maxEditLength: mostEdits }) ?? [
    { value: old, count: old.length, removed: true, added: false },
    { value: fresh, count: fresh.length, removed: false, added: true },
  ];
  const rows: DiffRow[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const pairUp = () => {
    for (let index = 0; index < Math.max(removed.length, added.length); index += 1) {
      rows.push({ before: removed[index] ?? null, after: added[index] ?? null });
    }
    removed = [];
    added = [];
  };
  for (const { value, removed: isRemoved, added: isAdded } of changes) {
    if (isRemoved) removed.push(...value);
    else if (isAdded) added.push(...value);
    else {
      pairUp();
      rows.push(...value.map((line) => ({ before: line, after: line })));
    }
  }
  pairUp();
  return rows;
}

/** A text without a word has no line. */
function splitLines(text: string): string[] {
  return text === "" ? [] : text.split(/\r\n|\r|\n/);
}

/**
 * Compares two lines word by word.
 * @returns null if they have less than half in common: whole lines are then easier to read
 */
export function diffLineWords(before: string, after: string): DiffWord[] | null {
  const changes = diffWordsWithSpace(before, after, { maxEditLength: mostWordEdits });
  if (changes === undefined) return null;
  const words = changes.map(({ value, removed, added }): DiffWord => {
    return { text: value, side: removed ? "before" : added ? "after" : "both" };
  });
  const common = words.reduce((sum, { text, side }) => sum + (side === "both" ? text.length : 0), 0);
  return common * 2 < (before.length + after.length) / 2 ? null : words;
}
