import type { ChatRequest } from "../../src/protocols/chat/chat-request.ts";
import { listRequestParts } from "../../src/protocols/chat/count/list-request-parts.ts";
import type { TokenCounter, TokenEstimate } from "../../src/tokens/token-counter.ts";

/** What a chat request is counted as. */
export function countChatRequest(counter: TokenCounter, request: ChatRequest): Promise<TokenEstimate> {
  return counter.countParts(request.model, listRequestParts(request));
}
