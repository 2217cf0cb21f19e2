import type { AnswerPlan } from "../translate/answer/answer-plan.ts";

/** A request in the form of one wire, with what the way back and the log need to know of it. */
export interface BuiltRequest<Body> {
  /** What is sent, as JSON. */
  body: Body;
  plan: AnswerPlan;
  /** Field names that were dropped, for the log. */
  dropped: readonly string[];
  /** What was mended or changed in the conversation, for the log, each once. */
  repairs: readonly string[];
}
