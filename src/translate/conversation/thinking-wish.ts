import type { ConversationRequest } from "../../anthropic/messages-request.ts";
import type { Effort } from "../../profiles/effort.ts";

/** The client's settings for thinking (rule 1.2). */
export interface ThinkingWish {
  /** `unset`: the client did not set it. */
  state: "unset" | "off" | "on";
  /** The level that it named, or null. */
  effort: Effort | null;
  /** Tokens, or null. */
  budgetTokens: number | null;
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
export function findEffort({ effort, budgetTokens }: ThinkingWish): Effort | null {
  if (effort !== null || budgetTokens === null) return effort;
  if (budgetTokens < 2048) return "low";
  if (budgetTokens < 8192) return "medium";
  return budgetTokens < 24_576 ? "high" : "xhigh";
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
