/** What the log should say about a translation; each note once, in the order it came up. */
export interface RequestNotes {
  /** Names of fields that were left out. */
  readonly dropped: Set<string>;
  /** What was mended or changed. */
  readonly repairs: Set<string>;
}

/** Creates an empty pair of notes. */
export function createRequestNotes(): RequestNotes {
  return { dropped: new Set(), repairs: new Set() };
}
