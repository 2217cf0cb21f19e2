import type { ConversationRequest } from "../../../anthropic/messages-request.ts";
import type { Effort, Profile } from "../../../profiles/profile.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import type { ChatRequest } from "../chat-request.ts";

/** What the client wants of thinking (rule 1.2). */
export interface ThinkingWish {
  /** `unset`: it said nothing. */
  state: "unset" | "off" | "on";
  /** The level it named, or null. */
  effort: Effort | null;
  /** Tokens, or null. */
  budgetTokens: number | null;
}

/** What the rest of the request means for thinking. */
export interface ThinkingSituation {
  hasTools: boolean;
  /** A tool is forced (`any` or `tool`). */
  isForced: boolean;
  isStreamed: boolean;
  /** The answer is to continue a text of the client's. */
  isPrefilled: boolean;
  /** Tokens; a budget has to stay below. */
  outputLimit: number;
}

export interface MappedThinking {
  /** To be merged into the chat request. */
  fields: Partial<ChatRequest>;
  /** The request does not switch thinking off, and the model thinks, asked or by default. */
  isOn: boolean;
  /** qwen: the upstream thinks only in a stream. */
  mustStream: boolean;
}

/** Anthropic's least budget; below it a level is sent. */
const minBudgetTokens = 1024;

/** Reads the wish. `effortInConversation` is the one that a `system` message set last, or null. */
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

/** Writes the wish the way the upstream understands it (rules 1.2, 1.3 forced choice, R0.1). */
export function mapThinking(
  wish: ThinkingWish,
  situation: ThinkingSituation,
  profile: Profile,
  notes: RequestNotes,
): MappedThinking {
  const { reasoningRequest: ways } = profile;
  const thinks = wish.state === "on" || (wish.state === "unset" && ways.onByDefault);
  const givesWay = situation.isForced && thinks && profile.toolChoice.whileThinking === "thinking-off";
  if (givesWay) notes.repairs.add("thinking was switched off: the upstream allows no forced tool with it");
  const effective: ThinkingWish = givesWay ? { state: "off", effort: null, budgetTokens: null } : wish;
  const cannotStop = ways.onByDefault && !ways.canBeOff;
  if (effective.state === "off" && cannotStop) {
    notes.repairs.add("thinking could not be switched off: the model always thinks");
  }
  const fixedLevel = findFixedLevel(situation, profile);
  if (fixedLevel !== null) {
    if (effective.state === "on") notes.repairs.add(`reasoning_effort was set to ${fixedLevel}`);
    return { fields: { reasoning_effort: fixedLevel }, isOn: false, mustStream: false };
  }
  if (ways.form === "qwen") return mapQwen(effective, situation, profile);
  const isOn = effective.state === "off" ? cannotStop : thinks;
  return { fields: mapFields(effective, situation, profile), isOn, mustStream: false };
}

/** A level that is sent whatever was asked: R0.1, and a prefill where thinking does not go with it (2.4.8). */
function findFixedLevel(situation: ThinkingSituation, profile: Profile): string | null {
  if (profile.reasoningRequest.form !== "effort") return null;
  if (situation.isPrefilled && profile.prefill === "effort-none") return "none";
  return situation.hasTools ? profile.reasoningRequest.levelWithTools : null;
}

function mapFields(wish: ThinkingWish, situation: ThinkingSituation, profile: Profile): Partial<ChatRequest> {
  const { form, canBeOff, extra } = profile.reasoningRequest;
  if (form === "minimax") return mapMinimax(wish, canBeOff);
  if (wish.state === "unset") return {};
  const level = findLevel(wish, profile);
  const effort = level === null ? {} : { reasoning_effort: level };
  switch (form) {
    case "openrouter":
      return { reasoning: mapOpenRouter(wish, level, situation, profile) };
    case "effort":
      return effort;
    case "thinking":
      if (wish.state === "off" && canBeOff) return { thinking: { type: "disabled" }, ...effort };
      return { thinking: { type: "enabled", ...extra }, ...effort };
    default:
      return {};
  }
}

/** The level to send, or null for none. */
function findLevel(wish: ThinkingWish, profile: Profile): string | null {
  const { levels } = profile.reasoningRequest;
  if (wish.state === "off") return levels.off;
  const effort = wish.effort ?? effortOfBudget(wish.budgetTokens);
  return effort === null ? null : levels[effort];
}

function effortOfBudget(budgetTokens: number | null): Effort | null {
  if (budgetTokens === null) return null;
  if (budgetTokens < 2048) return "low";
  if (budgetTokens < 8192) return "medium";
  return budgetTokens < 24_576 ? "high" : "xhigh";
}

function mapOpenRouter(
  wish: ThinkingWish,
  level: string | null,
  situation: ThinkingSituation,
  profile: Profile,
): { [key: string]: unknown } {
  const { canBeOff, takesBudget } = profile.reasoningRequest;
  if (wish.state === "off") return canBeOff ? { effort: level } : { exclude: true };
  const budget = takesBudget && wish.effort === null ? fitBudget(wish.budgetTokens, situation) : null;
  if (budget !== null) return { max_tokens: budget };
  return level === null ? { enabled: true } : { effort: level };
}

/** The budget, or half of the output where it would leave nothing for the answer; null when that is too little. */
function fitBudget(budgetTokens: number | null, { outputLimit }: ThinkingSituation): number | null {
  if (budgetTokens === null || budgetTokens < outputLimit) return budgetTokens;
  const half = Math.floor(outputLimit / 2);
  return half < minBudgetTokens ? null : half;
}

function mapMinimax(wish: ThinkingWish, canBeOff: boolean): Partial<ChatRequest> {
  const type = wish.state === "off" ? "disabled" : "adaptive";
  return { reasoning_split: true, ...(canBeOff && wish.state !== "unset" && { thinking: { type } }) };
}

/** Open Qwen models refuse a request that thinks and is not streamed. */
function mapQwen(wish: ThinkingWish, situation: ThinkingSituation, profile: Profile): MappedThinking {
  const { canBeOff, onByDefault, extra } = profile.reasoningRequest;
  const isWhole = !situation.isStreamed;
  if (wish.state === "on") {
    const budget = fitBudget(wish.budgetTokens, situation);
    const fields = { enable_thinking: true, ...(budget !== null && { thinking_budget: budget }), ...extra };
    return { fields, isOn: true, mustStream: isWhole };
  }
  if (!canBeOff) return { fields: {}, isOn: true, mustStream: isWhole };
  if (wish.state === "off" || isWhole) {
    return { fields: { enable_thinking: false }, isOn: false, mustStream: false };
  }
  return { fields: {}, isOn: onByDefault, mustStream: false };
}
