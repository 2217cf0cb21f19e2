import type { ChatMessageDialect } from "../../../profiles/chat-dialect.ts";
import { notePrefill } from "../../../translate/conversation/note-prefill.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import type { AssistantMessage, ChatMessage } from "../chat-request.ts";

/**
 * The messages with the begun answer in the form that the upstream continues best, and its text; null if there is none
 * (rule 2.4.8). Upstreams without support for a prefix may not continue it, hence the note.
 */
export function finishPrefill(
  messages: readonly ChatMessage[],
  dialect: Pick<ChatMessageDialect, "prefill">,
  notes: RequestNotes,
): { messages: readonly ChatMessage[]; prefill: string | null } {
  const last = messages.at(-1);
  if (last?.role !== "assistant") return { messages, prefill: null };
  if (dialect.prefill !== "prefix") notePrefill(notes);
  const finished: AssistantMessage = {
    ...last,
    content: trimEnd(last.content),
    ...(dialect.prefill === "prefix" && { prefix: true }),
  };
  const prefill = textOf(finished.content);
  return { messages: [...messages.slice(0, -1), finished], prefill };
}

/** Anthropic refuses trailing white space, and it misleads the others. */
function trimEnd(content: AssistantMessage["content"]): AssistantMessage["content"] {
  if (typeof content === "string") return content.trimEnd();
  return (content ?? []).map((part, index, parts) =>
    part.type === "text" && index === parts.length - 1 ? { ...part, text: part.text.trimEnd() } : part,
  );
}

function textOf(content: AssistantMessage["content"]): string {
  if (typeof content === "string") return content;
  return (content ?? []).flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
}
