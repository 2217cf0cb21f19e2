import type { ConversationRequest } from "../../anthropic/messages-request.ts";
import type { Effort } from "../../profiles/effort.ts";
import type { RequestNotes } from "../request-notes.ts";

/** The client's settings for thinking (rule 1.2). */
export interface ThinkingWish {
  /** `unset`: the client did not set it. */
  state: "unset" | "off" | "on";
  /** The level that it named, or null. */
  effort: Effort | null;
  /** Tokens, or null. */
  budgetTokens: number | null;
}

/** What a model does about thinking, on every wire. */
export interface ThinkingWays {
  /** What is sent for each wish, or null for no level. */
  levels: Readonly<Record<"off" | Effort, string | null>>;
  /** False for models that think whatever is asked. */
  canBeOff: boolean;
  /** A request that says nothing about thinking gets it anyway. */
  onByDefault: boolean;
}

/** Anthropic's least budget; for less, a level is sent. */
const minBudgetTokens = 1024;

/** Reads the settings. `effortInConversation` is the last one set by a `system` message, or null. */
export function readThinkingWish(
  request: Pick<ConversationRequest, "thinking" | "output_config">,
  effortInConversation: Effort | null,
): ThinkingWish {
  const effort = effortInConversation ?? request.output_config?.effort ?? null;
  const { thinking } = request;
  if (!thinking) return { state: effort === null ? "unset" : "on", effort, budgetTokens: null };
  if (thinking.type === "disabled") return { state: "off", effort: null, budgetTokens: null };
  const leastEffort = thinking.type === "between_tools" ? "low" : null;
  const budgetTokens = thinking.type === "enabled" ? (thinking.budget_tokens ?? null) : null;
  return { state: "on", effort: effort ?? leastEffort, budgetTokens };
}

/** The level that the client named, or that matches its budget; null if it set neither. */
function findEffort({ effort, budgetTokens }: ThinkingWish): Effort | null {
  if (effort !== null || budgetTokens === null) return effort;
  if (budgetTokens < 2048) return "low";
  if (budgetTokens < 8192) return "medium";
  return budgetTokens < 24_576 ? "high" : "xhigh";
}

/** The level to send, or null for none; not for a wish that is unset. */
export function findLevel(wish: ThinkingWish, levels: ThinkingWays["levels"]): string | null {
  if (wish.state === "off") return levels.off;
  const effort = findEffort(wish);
  return effort === null ? null : levels[effort];
}

/** Whether the model thinks unless the request switches it off. */
export function wouldThink(
  { state }: ThinkingWish,
  { onByDefault }: Pick<ThinkingWays, "onByDefault">,
): boolean {
  return state === "on" || (state === "unset" && onByDefault);
}

/** Whether the model thinks under this wish; notes it if it should not and cannot stop (rule 1.2). */
export function settleThinking(
  wish: ThinkingWish,
  ways: Omit<ThinkingWays, "levels">,
  notes: RequestNotes,
): boolean {
  if (wish.state !== "off") return wouldThink(wish, ways);
  const cannotStop = ways.onByDefault && !ways.canBeOff;
  if (cannotStop) notes.mended.add("thinking could not be switched off: the model always thinks");
  return cannotStop;
}

/**
 * Whether plain reasoning goes back to a model that reads it again (rule 6.2): while it thinks, in place of opaque
 * reasoning that was refused, and for a client that did not set thinking as soon as the history has reasoning of this
 * upstream.
 */
export function wantsReasoningBack(
  { state }: ThinkingWish,
  facts: { thinkingIsOn: boolean; withoutOpaqueReasoning: boolean; isOwnHistory: boolean },
): boolean {
  return facts.thinkingIsOn || facts.withoutOpaqueReasoning || (state === "unset" && facts.isOwnHistory);
}

/**
 * The budget, or half the output limit if the budget would leave nothing for the answer; null if there is none or it is
 * too small. `outputLimit` is in tokens.
 */
export function fitBudget({ budgetTokens }: ThinkingWish, outputLimit: number): number | null {
  if (budgetTokens === null || budgetTokens < outputLimit) return budgetTokens;
  const half = Math.floor(outputLimit / 2);
  return half < minBudgetTokens ? null : half;
}
