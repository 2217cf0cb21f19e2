import { isJsonObject } from "../../../json/json-value.ts";
import type { AnswerTraits } from "../../../profiles/model-traits.ts";
import type { AnswerPlan } from "../../../translate/answer/answer-plan.ts";
import { restoreOpenTag } from "../../../translate/answer/text/think-tags.ts";
import type { ChatChoice, ChatDelta } from "../chat-response.ts";
import { reasoningTextOf } from "./reasoning-collector.ts";

type ThinkingPlan = Pick<AnswerPlan, "thinkingIsOn">;
type TagTraits = Pick<AnswerTraits, "thinkTags" | "loneThinkTag">;

/**
 * The content of a choice, or null: the delta of a chunk, or the message of a whole answer as one delta. Only in a
 * whole answer each entry of the list is known to be a call of its own, and a closing reasoning tag is known to have no
 * opening one.
 */
export function findDelta(choice: ChatChoice, plan: ThinkingPlan, traits: TagTraits): ChatDelta | null {
  const said: unknown = choice.delta ?? choice.message;
  if (!isJsonObject(said)) return null;
  const isWhole = choice.delta === undefined || choice.delta === null;
  if (!isWhole) return said;
  return {
    ...said,
    content: openReasoning(said, plan, traits),
    tool_calls: numberCalls(said["tool_calls"]),
  };
}

/** The text before a closing tag counts as reasoning if no other member contains the reasoning. */
function openReasoning(said: ChatDelta, plan: ThinkingPlan, traits: TagTraits): unknown {
  const { content } = said;
  const isToldApart = reasoningTextOf(said) !== undefined;
  return isToldApart || typeof content !== "string" ? content : restoreOpenTag(content, plan, traits);
}

/** Numbers the calls of whole answers, which have no `index`; those of some servers have no id either. */
function numberCalls(calls: unknown): unknown {
  if (!Array.isArray(calls)) return calls;
  return calls.map((call: unknown, index) =>
    isJsonObject(call) ? { ...call, index: call["index"] ?? index } : call,
  );
}
