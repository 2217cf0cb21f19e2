import { without } from "../../../translate/refusals/change-request.ts";
import type { ChatMessage, ChatRequest } from "../chat-request.ts";

/** The chat request without `field`: at the top level, in messages, in parts of messages, in tools. */
export function omitField(chatRequest: ChatRequest, field: string): ChatRequest {
  const { messages, tools, ...rest } = without(chatRequest, field);
  return {
    ...rest,
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map((tool) => {
            const kept = without(tool, field);
            return "function" in kept ? { ...kept, function: without(kept.function, field) } : kept;
          }),
        }),
    messages: messages.map((message) => omitFromMessage(message, field)),
  };
}

function omitFromMessage(message: ChatMessage, field: string): ChatMessage {
  const kept = without(message, field);
  if (!Array.isArray(kept.content)) return kept;
  switch (kept.role) {
    case "system":
    case "developer":
      return { ...kept, content: kept.content.map((part) => without(part, field)) };
    case "user":
      return { ...kept, content: kept.content.map((part) => without(part, field)) };
    case "assistant":
      return { ...kept, content: kept.content.map((part) => without(part, field)) };
    case "tool":
      return { ...kept, content: kept.content.map((part) => without(part, field)) };
  }
}
