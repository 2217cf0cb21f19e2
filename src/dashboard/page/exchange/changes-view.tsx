import type { RecordedChanges } from "../../../record/recorded-request.ts";
import { toVisibleText } from "../parts/visible-text.ts";

/** What was changed on the way. */
export function ChangesView({ changes: { dropped, repairs, warnings } }: { changes: RecordedChanges }) {
  const isNothing = dropped.length + repairs.length + warnings.length === 0;
  return (
    <>
      <h2>What was changed</h2>
      {isNothing && <p>Nothing but what the translation needs.</p>}
      <Notes title="Not passed on, as the upstream does not know it" notes={dropped} />
      <Notes title="Repaired after a refusal, and sent again" notes={repairs} />
      <Notes title="Warnings" notes={warnings} />
    </>
  );
}

function Notes({ title, notes }: { title: string; notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {notes.map((note) => (
          <li key={note}>{toVisibleText(note)}</li>
        ))}
      </ul>
    </>
  );
}
