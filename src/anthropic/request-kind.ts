import type { MessagesRequest } from "./messages-request.ts";

/** The purpose of a request outside the conversation, if it is known: Claude Code's check of an action in auto mode. */
export type RequestKind = "auto-mode-check";

/** The beginning of the check's system text, in Claude Code 2.1.330 and 2.1.332. */
const checkBeginning = "You are a security monitor";

/** Determines the kind of a request; null for the conversation itself, and for everything else. */
export function findRequestKind({ stream, tools, system }: MessagesRequest): RequestKind | null {
  // This alone decides for most requests.
  if (stream === true || tools != null) return null;
  const texts = typeof system === "string" ? [system] : (system ?? []).map(textOf);
  return texts.some((text) => text.startsWith(checkBeginning)) ? "auto-mode-check" : null;
}

function textOf(block: { type: string; text?: unknown }): string {
  return block.type === "text" && typeof block.text === "string" ? block.text : "";
}
