import type { AnswerPlan } from "../../../translate/answer/answer-plan.ts";
import type { ChatRequest } from "../chat-request.ts";

/** Adapts the plan of a request that was changed after it had been built to the expected answer. */
export function suitPlan(plan: AnswerPlan, built: ChatRequest, sent: ChatRequest): AnswerPlan {
  // We have to watch for stop sequences that are no longer sent to the upstream.
  const losesStop = built.stop !== undefined && sent.stop === undefined;
  return {
    ...plan,
    maxTokens: sent.max_completion_tokens ?? sent.max_tokens ?? null,
    watchesStopSequences: plan.watchesStopSequences || losesStop,
  };
}
