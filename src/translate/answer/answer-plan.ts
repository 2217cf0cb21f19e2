import type { ChatRequestPlan } from "../../protocols/chat/request/chat-request-plan.ts";

/**
 * What translating an answer needs to know of its request: all but the conversation, because this is kept as long
 * as a stream is open, and an agent's conversation is half a megabyte.
 */
export interface AnswerPlan extends Omit<ChatRequestPlan, "chatRequest"> {
  /** The model id the upstream was asked for. */
  model: string;
  /** Output tokens the upstream was limited to; null when it was not. */
  maxTokens: number | null;
}

/** Leaves the conversation behind. */
export function toAnswerPlan(plan: ChatRequestPlan): AnswerPlan {
  const { model, max_completion_tokens, max_tokens } = plan.chatRequest;
  // Member by member: to leave one out by `...rest` takes as long as a small conversation.
  return {
    model,
    maxTokens: max_completion_tokens ?? max_tokens ?? null,
    tools: plan.tools,
    usedToolIds: plan.usedToolIds,
    stopSequences: plan.stopSequences,
    watchesStopSequences: plan.watchesStopSequences,
    thinkingDisplay: plan.thinkingDisplay,
    thinkingIsOn: plan.thinkingIsOn,
    wantsContextManagement: plan.wantsContextManagement,
    webSearchQuery: plan.webSearchQuery,
    prefill: plan.prefill,
    mustStream: plan.mustStream,
    dropped: plan.dropped,
    repairs: plan.repairs,
  };
}
