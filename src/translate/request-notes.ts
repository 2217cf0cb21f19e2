/** What the log should say about a translation; each note once, in the order it came up. */
export interface RequestNotes {
  /** Names of fields that were left out. */
  readonly dropped: Set<string>;
  /** What was mended or changed. */
  readonly repairs: Set<string>;
}

/** Notes that are complete. */
export interface FinishedNotes {
  readonly dropped: ReadonlySet<string>;
  readonly repairs: ReadonlySet<string>;
}

/** Creates a pair of notes, empty or with what is noted already. */
export function createRequestNotes({ dropped, repairs }: Partial<FinishedNotes> = {}): RequestNotes {
  return { dropped: new Set(dropped), repairs: new Set(repairs) };
}

/** Adds notes that were taken elsewhere. */
export function addNotes(notes: RequestNotes, added: FinishedNotes): void {
  for (const name of added.dropped) notes.dropped.add(name);
  for (const repair of added.repairs) notes.repairs.add(repair);
}
