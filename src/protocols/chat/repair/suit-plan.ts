import type { AnswerPlan } from "../../../translate/answer/answer-plan.ts";
import type { ChatRequest } from "../chat-request.ts";

/** The plan of a request that was changed after it had been built: what the change means for its answer. */
export function suitPlan(plan: AnswerPlan, built: ChatRequest, sent: ChatRequest): AnswerPlan {
  // Stop sequences that the upstream is not given have to be watched for by us.
  const losesStop = built.stop !== undefined && sent.stop === undefined;
  return {
    ...plan,
    maxTokens: sent.max_completion_tokens ?? sent.max_tokens ?? null,
    watchesStopSequences: plan.watchesStopSequences || losesStop,
  };
}
