import type { Asked } from "../conversation/asked.ts";
import type { CleanFunction } from "../tools/clean-functions.ts";
import { RequestedTools } from "../tools/requested-tools.ts";
import type { AnswerPlan } from "./answer-plan.ts";

/** The facts about a request that the wire decides; the functions are those that are sent. */
export interface SentFacts
  extends Pick<AnswerPlan, "model" | "maxTokens" | "watchesStopSequences" | "thinkingIsOn" | "prefill"> {
  functions: readonly CleanFunction[];
}

/** The plan of the answer to a request that was built. */
export function planAnswer(asked: Asked, { functions, ...sent }: SentFacts): AnswerPlan {
  return {
    ...sent,
    tools: new RequestedTools(functions.map(({ name, requested }) => [name, requested])),
    usedToolIds: asked.usedToolIds,
    stopSequences: asked.stopSequences,
    thinkingDisplay: asked.thinkingDisplay,
    wantsContextManagement: asked.wantsContextManagement,
    webSearchQuery: asked.webSearchQuery,
  };
}
