import { toVisibleText } from "./visible-text.ts";

/** What is missing in an answer, and why; nothing where nothing is. */
export function AnswerNote({ note }: { readonly note: string | null }) {
  return note === null ? null : (
    <p class="warn" role="status">
      {toVisibleText(note)}
    </p>
  );
}
