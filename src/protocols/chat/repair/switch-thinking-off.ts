import { isJsonObject } from "../../../json/json-value.ts";
import type { ChatReasoningDialect } from "../../../profiles/chat-dialect.ts";
import type { ChatRequest } from "../chat-request.ts";

export type ThinkingForm = Exclude<ChatReasoningDialect["form"], "none">;

/**
 * The chat request with thinking off, in the form of the upstream (rule 1.2, row off); the same object if it is off
 * already.
 */
export function switchThinkingOff(chatRequest: ChatRequest, form: ThinkingForm): ChatRequest {
  if (isThinkingOff(chatRequest, form)) return chatRequest;
  const { reasoning_effort: _effort, thinking_budget: _budget, ...rest } = chatRequest;
  switch (form) {
    case "openrouter":
      return { ...rest, reasoning: { effort: "none" } };
    case "effort":
      return { ...rest, reasoning_effort: "none" };
    case "qwen":
      return { ...rest, enable_thinking: false };
    case "thinking":
    case "minimax":
      return { ...rest, thinking: { type: "disabled" } };
  }
}

/** True if the chat request switches thinking off in this form. */
export function isThinkingOff(chatRequest: ChatRequest, form: ThinkingForm): boolean {
  switch (form) {
    case "openrouter":
      return chatRequest.reasoning?.["effort"] === "none";
    case "effort":
      return chatRequest.reasoning_effort === "none";
    case "qwen":
      return chatRequest["enable_thinking"] === false;
    case "thinking":
    case "minimax": {
      const thinking = chatRequest["thinking"];
      return isJsonObject(thinking) && thinking["type"] === "disabled";
    }
  }
}
