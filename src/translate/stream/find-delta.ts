import { isJsonObject } from "../../json/json-value.ts";
import type { ChatChoice, ChatDelta } from "../../openai/chat-response.ts";
import type { Profile } from "../../profiles/profile.ts";
import { reasoningTextOf } from "./reasoning-collector.ts";
import { restoreOpenTag } from "./think-tags.ts";

/** Whether thinking is on, and the tags it may be written in. */
interface ThinkingManner {
  isOn: boolean;
  tags: Profile["thinkTags"];
}

/**
 * What a choice says, or null: the delta of a chunk, or the message of a whole answer as one delta. Only of a whole
 * answer it is known that each entry of its list is a call of its own, and that the tag of its reasoning was never
 * opened.
 */
export function findDelta(choice: ChatChoice, thinking: ThinkingManner): ChatDelta | null {
  const said: unknown = choice.delta ?? choice.message;
  if (!isJsonObject(said)) return null;
  const isWhole = choice.delta === undefined || choice.delta === null;
  if (!isWhole) return said;
  return { ...said, content: openReasoning(said, thinking), tool_calls: numberCalls(said["tool_calls"]) };
}

/** That a text before a closing tag is reasoning is believed where thinking is on and no other member tells it. */
function openReasoning(said: ChatDelta, thinking: ThinkingManner): unknown {
  const { content } = said;
  const isToldApart = reasoningTextOf(said) !== undefined;
  if (!thinking.isOn || isToldApart || typeof content !== "string") return content;
  return restoreOpenTag(content, thinking.tags);
}

/** Whole answers have no `index`, and some servers' calls have no id either. */
function numberCalls(calls: unknown): unknown {
  if (!Array.isArray(calls)) return calls;
  return calls.map((call: unknown, index) =>
    isJsonObject(call) ? { ...call, index: call["index"] ?? index } : call,
  );
}
