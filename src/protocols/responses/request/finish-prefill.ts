import { notePrefill } from "../../../translate/conversation/note-prefill.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import type { InputItem } from "../responses-request.ts";

/**
 * Trims the begun answer at the end of the input, in place, and returns its text; null if there is none (rules 22.1,
 * 2.4.8). Trailing white space misleads models.
 */
export function finishPrefill(input: InputItem[], notes: RequestNotes): string | null {
  const last = input.at(-1);
  if (last?.type !== "message" || last.role !== "assistant") return null;
  notePrefill(notes);
  const { content } = last;
  if (typeof content === "string") {
    const text = content.trimEnd();
    input[input.length - 1] = { ...last, content: text };
    return text;
  }
  const text = content.map((part) => part.text.trimEnd()).join("");
  input[input.length - 1] = { ...last, content: [{ type: "output_text", text, annotations: [] }] };
  return text;
}
