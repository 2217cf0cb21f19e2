import { isJsonObject } from "../../../json/json-value.ts";
import type { ChatRequest } from "../chat-request.ts";

/** All fields that control thinking, in the forms of all upstreams. */
const thinkingFields = [
  "reasoning_effort",
  "reasoning",
  "thinking",
  "enable_thinking",
  "thinking_budget",
  "reasoning_split",
];

/** True if the chat request asks the model to think, in whatever form. */
export function asksForThinking(sent: ChatRequest): boolean {
  const level = findThinkingLevel(sent);
  if (level !== null) return level !== "none";
  if (sent["enable_thinking"] === true || sent["reasoning_split"] === true) return true;
  const { reasoning, thinking } = sent;
  return reasoning !== undefined || (isJsonObject(thinking) && thinking["type"] !== "disabled");
}

/** The level that the chat request names, or null. */
export function findThinkingLevel(sent: ChatRequest): string | null {
  const level = sent.reasoning_effort ?? sent.reasoning?.["effort"];
  return typeof level === "string" ? level : null;
}

/**
 * The chat request without a request to think; the same object if there is none. Fields that switch thinking off stay,
 * which a model that cannot think may accept.
 */
export function omitThinking(sent: ChatRequest): ChatRequest {
  return asksForThinking(sent) ? withoutThinking(sent) : sent;
}

/** The chat request without any field about thinking if it names this level; else the same object. */
export function omitThinkingLevel(sent: ChatRequest, level: string): ChatRequest {
  return findThinkingLevel(sent) === level ? withoutThinking(sent) : sent;
}

function withoutThinking(sent: ChatRequest): ChatRequest {
  const copy = { ...sent };
  for (const field of thinkingFields) Reflect.deleteProperty(copy, field);
  return copy;
}
