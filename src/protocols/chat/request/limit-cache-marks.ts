import type { ChatMessageDialect } from "../../../profiles/chat-dialect.ts";
import type { CacheControl, ChatMessage, ChatRequest, ContentPart } from "../chat-request.ts";

/** Anthropic, and servers that follow it, accept no more. */
const maxMarks = 4;

type Marked = { cache_control?: CacheControl };

/**
 * Removes cache marks from tools and messages, in place, until four are left: the last on tools, the last on the system
 * message and the last two in the conversation, or three if tools have none (rule 1.4). A mark at the top of the
 * request is one of the four: it stands for the end of the conversation.
 */
export function limitCacheMarks(
  chatRequest: ChatRequest,
  { cacheMarks }: Pick<ChatMessageDialect, "cacheMarks">,
): void {
  if (cacheMarks === "strip") return;
  const { tools = [], messages } = chatRequest;
  const [first, ...others] = messages;
  const isSystemFirst = first?.role === "system";
  const onTools = tools.filter(isMarked);
  const onSystem = isSystemFirst ? markedParts([first]) : [];
  const inConversation = markedParts(isSystemFirst ? others : messages);
  const atTop = isMarked(chatRequest) ? 1 : 0;
  if (atTop + onTools.length + onSystem.length + inConversation.length <= maxMarks) return;
  unmarkAllButLast(onTools, 1);
  unmarkAllButLast(onSystem, 1);
  unmarkAllButLast(inConversation, (cacheMarks === "message-parts" ? 3 : 2) - atTop);
}

function markedParts(messages: readonly ChatMessage[]): Marked[] {
  return messages.flatMap(({ content }) => {
    const parts: ContentPart[] = Array.isArray(content) ? content : [];
    return parts.filter(isMarked);
  });
}

function isMarked<Item extends object>(item: Item): item is Item & Marked {
  return "cache_control" in item;
}

function unmarkAllButLast(items: readonly Marked[], kept: number): void {
  for (const item of items.slice(0, Math.max(0, items.length - kept))) delete item.cache_control;
}
