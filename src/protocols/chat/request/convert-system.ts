import type { ChatMessageDialect } from "../../../profiles/chat-dialect.ts";
import type { SaidText } from "../../../translate/conversation/said-part.ts";
import type { SystemMessage, TextPart } from "../chat-request.ts";
import { convertText } from "./convert-part.ts";

/** The system message, or nothing if it would be empty (rule 2.1). `addition` is appended as a paragraph of its own. */
export function convertSystem(
  system: readonly SaidText[],
  addition: string | null,
  dialect: ChatMessageDialect,
): SystemMessage[] {
  const parts: TextPart[] = system.map((text) => convertText(text, dialect));
  if (addition !== null) parts.push({ type: "text", text: addition });
  if (parts.length === 0) return [];
  const isMarked = parts.some((part) => part.cache_control !== undefined);
  const content = isMarked ? parts : parts.map((part) => part.text).join("\n\n");
  return [{ role: "system", content }];
}
