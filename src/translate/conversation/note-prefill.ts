import type { RequestNotes } from "../request-notes.ts";

/** Notes that the client has begun the answer and that this upstream may not continue it (rule 2.4.8). */
export function notePrefill(notes: RequestNotes): void {
  notes.mended.add("the last message begins the answer: the upstream does not promise to continue it");
}
