import type { ChatRequest } from "../../openai/chat-request.ts";
import type { ReasoningRequest } from "../../profiles/profile.ts";

/** The chat request with thinking off, in the words of the upstream (rule 1.2, row off). */
export function switchThinkingOff(
  chatRequest: ChatRequest,
  form: Exclude<ReasoningRequest["form"], "none">,
): ChatRequest {
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
