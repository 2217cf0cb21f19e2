import type { ContentBlock } from "../../../anthropic/content-block.ts";
import type { Profile } from "../../../profiles/profile.ts";
import { readContent } from "../../../translate/conversation/read-content.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import type { SystemMessage, TextPart } from "../chat-request.ts";

/** Claude Code's first line: of no use to a model, and different in every session, so no cache would ever fit. */
const billingHeader = /^x-anthropic-billing-header:.*\s*/;

/**
 * The system message, or nothing when there is nothing to say (rule 2.1). `addition` is appended as a paragraph of
 * its own.
 */
export function convertSystem(
  system: string | readonly ContentBlock[] | null | undefined,
  addition: string | null,
  profile: Profile,
  notes: RequestNotes,
): SystemMessage[] {
  const texts = readContent(system ?? "", profile, notes)
    .filter((part) => part.type === "text")
    .map((part) => ({ ...part, text: part.text.replace(billingHeader, "") }))
    .filter((part) => part.text !== "");
  const parts: TextPart[] = addition === null ? texts : [...texts, { type: "text", text: addition }];
  if (parts.length === 0) return [];
  const isMarked = parts.some((part) => part.cache_control !== undefined);
  const content = isMarked ? parts : parts.map((part) => part.text).join("\n\n");
  return [{ role: "system", content }];
}
