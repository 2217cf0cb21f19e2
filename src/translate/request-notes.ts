/** Notes of a translation for the log; each note once, in the order of its first occurrence. */
export interface RequestNotes {
  /** Names of fields that were dropped. */
  readonly dropped: Set<string>;
  /** Descriptions of what was mended or changed. */
  readonly mended: Set<string>;
}

/** Notes that are complete. */
export interface FinishedNotes {
  readonly dropped: ReadonlySet<string>;
  readonly mended: ReadonlySet<string>;
}

/** Creates notes, empty or with the given ones. */
export function createRequestNotes({ dropped, mended }: Partial<FinishedNotes> = {}): RequestNotes {
  return { dropped: new Set(dropped), mended: new Set(mended) };
}

/** Adds notes from another part of the translation. */
export function addNotes(notes: RequestNotes, added: FinishedNotes): void {
  for (const name of added.dropped) notes.dropped.add(name);
  for (const mending of added.mended) notes.mended.add(mending);
}
