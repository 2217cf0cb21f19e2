import { addSharedTraits } from "../../../translate/refusals/add-shared-traits.ts";
import { isForcedChoice } from "../../../translate/refusals/forced-choice.ts";
import { sharedRefusedTrait } from "../../../translate/refusals/shared-repair.ts";
import type { ResponsesRequest } from "../responses-request.ts";
import { hasImage } from "./omit-images.ts";
import { hasReasoningWithoutId, mixesReasoning, usesEncrypted } from "./reasoning-items.ts";
import type { ResponsesRepair } from "./repair.ts";
import { outputFormatOf } from "./suit-schemas.ts";
import { asksForThinking } from "./thinking.ts";

/** Adds the optional fields in items and tools that not every server accepts. */
export function addInnerFields(fields: Set<string>, { input, tools }: ResponsesRequest): void {
  for (const item of input) if ("phase" in item && item.phase !== undefined) fields.add("phase");
  for (const tool of tools ?? []) if ("strict" in tool) fields.add("strict");
}

/**
 * Adds the parts of a responses request that some upstreams refuse: its fields, at most `mostFields` of them, and the
 * causes of other kinds of repairs. An upstream that accepted such a request accepts each of them. This runs for every
 * answer, so it adds to an existing set and creates no lists.
 */
export function addTraits(traits: Set<string>, sent: ResponsesRequest, mostFields: number): void {
  const isThinking = asksForThinking(sent);
  addSharedTraits(traits, sent, mostFields, {
    asksForThinking: isThinking,
    hasImages: sent.input.some(hasImage),
    outputFormat: outputFormatOf(sent)?.["type"],
    thinkingLevel: sent.reasoning?.effort ?? null,
  });
  addInnerFields(traits, sent);
  if (sent.reasoning?.summary !== undefined) traits.add("reasoning.summary");
  if (sent.reasoning?.effort !== undefined) traits.add("reasoning.effort");
  for (const value of sent.include ?? []) traits.add(`include ${value}`);
  if (usesEncrypted(sent)) traits.add("encrypted reasoning");
  if (hasReasoningWithoutId(sent)) traits.add("reasoning without an id");
  if (mixesReasoning(sent)) traits.add("reasoning of several answers");
  if (isThinking && isForcedChoice(sent.tool_choice)) traits.add("forced choice while thinking");
}

/** The trait that a refusal with this repair was about, or null if numbers or one request are at fault. */
export function refusedTrait(repair: ResponsesRepair): string | null {
  switch (repair.kind) {
    case "with-reasoning-ids":
      return "reasoning without an id";
    case "newest-reasoning-only":
      return "reasoning of several answers";
    case "without-encrypted":
      return "encrypted reasoning";
    case "instructions-into-input":
      return "instructions";
    case "other-thinking-level":
      return `thinking level ${repair.level}`;
    case "omit-include":
      return `include ${repair.value}`;
    case "without-item-ids":
    case "omit-reasoning":
      return null;
    default:
      return sharedRefusedTrait(repair);
  }
}
