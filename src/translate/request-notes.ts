/** Notes of a translation for the log; each note once, in the order of its first occurrence. */
export interface RequestNotes {
  /** Names of fields that were dropped. */
  readonly dropped: Set<string>;
  /** Descriptions of what was repaired or changed. */
  readonly repairs: Set<string>;
}

/** Notes that are complete. */
export interface FinishedNotes {
  readonly dropped: ReadonlySet<string>;
  readonly repairs: ReadonlySet<string>;
}

/** Creates notes, empty or with the given ones. */
export function createRequestNotes({ dropped, repairs }: Partial<FinishedNotes> = {}): RequestNotes {
  return { dropped: new Set(dropped), repairs: new Set(repairs) };
}

/** Adds notes from another part of the translation. */
export function addNotes(notes: RequestNotes, added: FinishedNotes): void {
  for (const name of added.dropped) notes.dropped.add(name);
  for (const repair of added.repairs) notes.repairs.add(repair);
}
