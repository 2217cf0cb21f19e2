import type {
  ChatDialect,
  ChatMessageDialect,
  ChatReasoningDialect,
} from "../../../profiles/chat-dialect.ts";
import {
  findLevel,
  fitBudget,
  settleThinking,
  type ThinkingWish,
  wouldThink,
} from "../../../translate/conversation/thinking-wish.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import type { ChatRequest } from "../chat-request.ts";

/** The facts about the rest of the request that matter for thinking. */
export interface ThinkingSituation {
  hasTools: boolean;
  /** A tool is forced (`any` or `tool`). */
  isForced: boolean;
  isStreamed: boolean;
  /** The answer must continue a text of the client's. */
  isPrefilled: boolean;
  /** In tokens; a budget must be below it. */
  outputLimit: number;
}

export interface MappedThinking {
  /** The fields to merge into the chat request. */
  fields: Partial<ChatRequest>;
  /** The request does not switch thinking off, and the model thinks, on request or by default. */
  isOn: boolean;
  /** qwen: the upstream thinks only in a stream. */
  mustStream: boolean;
}

/** Writes the client's settings in the form of the upstream (rules 1.2, 1.3 forced choice, R0.1). */
export function mapThinking(
  wish: ThinkingWish,
  situation: ThinkingSituation,
  dialect: Pick<ChatDialect, "reasoning" | "toolChoice" | "messages">,
  notes: RequestNotes,
): MappedThinking {
  const { reasoning: ways, toolChoice, messages } = dialect;
  const givesWay =
    situation.isForced && toolChoice.whileThinking === "thinking-off" && wouldThink(wish, ways);
  if (givesWay) notes.mended.add("thinking was switched off: the upstream allows no forced tool with it");
  const effective: ThinkingWish = givesWay ? { state: "off", effort: null, budgetTokens: null } : wish;
  const isOn = settleThinking(effective, ways, notes);
  const fixedLevel = ways.form === "effort" ? findFixedLevel(situation, ways, messages) : null;
  if (fixedLevel !== null) {
    if (effective.state === "on") notes.mended.add(`reasoning_effort was set to ${fixedLevel}`);
    return { fields: { reasoning_effort: fixedLevel }, isOn: false, mustStream: false };
  }
  if (ways.form === "qwen") return mapQwen(effective, situation, ways);
  return { fields: mapFields(effective, situation, ways), isOn, mustStream: false };
}

/**
 * A level that is sent whatever the client set: R0.1, and for a prefill if thinking cannot be combined with it (2.4.8).
 */
function findFixedLevel(
  situation: ThinkingSituation,
  { levelWithTools }: ChatReasoningDialect,
  { prefill }: ChatMessageDialect,
): string | null {
  if (situation.isPrefilled && prefill === "effort-none") return "none";
  return situation.hasTools ? levelWithTools : null;
}

function mapFields(
  wish: ThinkingWish,
  situation: ThinkingSituation,
  ways: ChatReasoningDialect,
): Partial<ChatRequest> {
  const { form, canBeOff, extra } = ways;
  if (form === "minimax") return mapMinimax(wish, canBeOff);
  if (wish.state === "unset") return {};
  const level = findLevel(wish, ways.levels);
  const effort = level === null ? {} : { reasoning_effort: level };
  switch (form) {
    case "openrouter":
      return { reasoning: mapOpenRouter(wish, level, situation, ways) };
    case "effort":
      return effort;
    case "thinking":
      if (wish.state === "off" && canBeOff) return { thinking: { type: "disabled" }, ...effort };
      return { thinking: { type: "enabled", ...extra }, ...effort };
    default:
      return {};
  }
}

function mapOpenRouter(
  wish: ThinkingWish,
  level: string | null,
  situation: ThinkingSituation,
  ways: ChatReasoningDialect,
): { [key: string]: unknown } {
  const { canBeOff, takesBudget } = ways;
  if (wish.state === "off") return canBeOff ? { effort: level } : { exclude: true };
  const budget = takesBudget && wish.effort === null ? fitBudget(wish, situation.outputLimit) : null;
  if (budget !== null) return { max_tokens: budget };
  return level === null ? { enabled: true } : { effort: level };
}

function mapMinimax(wish: ThinkingWish, canBeOff: boolean): Partial<ChatRequest> {
  const type = wish.state === "off" ? "disabled" : "adaptive";
  return { reasoning_split: true, ...(canBeOff && wish.state !== "unset" && { thinking: { type } }) };
}

/** Open Qwen models refuse a request for thinking without a stream. */
function mapQwen(
  wish: ThinkingWish,
  situation: ThinkingSituation,
  ways: ChatReasoningDialect,
): MappedThinking {
  const { canBeOff, onByDefault, extra } = ways;
  const isWhole = !situation.isStreamed;
  if (wish.state === "on") {
    const budget = fitBudget(wish, situation.outputLimit);
    const fields = { enable_thinking: true, ...(budget !== null && { thinking_budget: budget }), ...extra };
    return { fields, isOn: true, mustStream: isWhole };
  }
  if (!canBeOff) return { fields: {}, isOn: true, mustStream: isWhole };
  if (wish.state === "off" || isWhole) {
    return { fields: { enable_thinking: false }, isOn: false, mustStream: false };
  }
  return { fields: {}, isOn: onByDefault, mustStream: false };
}
