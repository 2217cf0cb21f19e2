import type { RecordedChanges } from "../../../record/recorded-request.ts";
import { toVisibleText } from "../parts/visible-text.ts";

/** What was changed on the way. */
export function ChangesView({ changes: { dropped, repairs, warnings } }: { changes: RecordedChanges }) {
  if (dropped.length + repairs.length + warnings.length === 0) {
    return <span class="quiet">Nothing but what the translation needs.</span>;
  }
  return (
    <>
      <Notes title="Repaired after a refusal, and sent again" notes={repairs} />
      <Notes title="Not passed on, as the upstream does not know it" notes={dropped} />
      <Notes title="Warnings" notes={warnings} />
    </>
  );
}

function Notes({ title, notes }: { title: string; notes: readonly string[] }) {
  if (notes.length === 0) return null;
  if (notes.length === 1) {
    return (
      <p class="note">
        {title}: {toVisibleText(notes[0] ?? "")}
      </p>
    );
  }
  return (
    <>
      <p class="note">{title}:</p>
      <ul class="notes">
        {notes.map((note) => (
          <li key={note}>{toVisibleText(note)}</li>
        ))}
      </ul>
    </>
  );
}
