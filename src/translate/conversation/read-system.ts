import type { ContentBlock } from "../../anthropic/content-block.ts";
import type { MessageTraits } from "../../profiles/model-traits.ts";
import type { RequestNotes } from "../request-notes.ts";
import { readContent } from "./read-content.ts";
import type { SaidText } from "./said-part.ts";

/** How Claude Code's line for Anthropic's accounts begins. */
export const billingLineStart = "x-anthropic-billing-header:";

const billingLine = /^x-anthropic-billing-header:.*\s*/;

/** The text without that line: useless to a model, and different in every session, so that no cache would ever match. */
export function withoutBillingLine(text: string): string {
  return text.replace(billingLine, "");
}

/** The texts of the system prompt, each with its mark (rule 2.1). Throws ApiError as `readContent` does. */
export function readSystem(
  system: string | readonly ContentBlock[] | null | undefined,
  traits: MessageTraits,
  notes: RequestNotes,
): SaidText[] {
  return readContent(system ?? "", traits, notes)
    .filter((part) => part.type === "text")
    .map((part) => ({ ...part, text: withoutBillingLine(part.text) }))
    .filter((part) => part.text !== "");
}
