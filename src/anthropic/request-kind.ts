import type { MessagesRequest } from "./messages-request.ts";

/** What a client asks for beside its conversation, where that is known: Claude Code's check of an action in auto mode. */
export type RequestKind = "auto-mode-check";

/** How the system text of the check begins, in Claude Code 2.1.330 and 2.1.332. */
const checkBeginning = "You are a security monitor";

/** Finds out what kind of request it is; null for the conversation itself, and for all else. */
export function findRequestKind({ stream, tools, system }: MessagesRequest): RequestKind | null {
  // Most are told by this alone.
  if (stream === true || tools != null) return null;
  const texts = typeof system === "string" ? [system] : (system ?? []).map(textOf);
  return texts.some((text) => text.startsWith(checkBeginning)) ? "auto-mode-check" : null;
}

function textOf(block: { type: string; text?: unknown }): string {
  return block.type === "text" && typeof block.text === "string" ? block.text : "";
}
