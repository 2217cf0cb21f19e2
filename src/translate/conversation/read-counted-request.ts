import type { ConversationRequest, MessagesRequest } from "../../anthropic/messages-request.ts";
import type { Asked } from "./asked.ts";
import { type ReadOptions, readInParts, readRequest } from "./read-request.ts";

/**
 * Reads a request for `count_tokens` (rule 7): like one for an answer, of which only the prompt matters. Throws
 * ApiError as `readRequest` does.
 */
export function readCountedRequest(request: ConversationRequest, options: ReadOptions): Asked {
  return readRequest(withoutAnswer(request, options), options);
}

/** The same in parts. */
export function readCountedInParts(
  request: ConversationRequest,
  options: ReadOptions,
): Generator<void, Asked> {
  return readInParts(withoutAnswer(request, options), options);
}

function withoutAnswer(request: ConversationRequest, { maxOutputTokens }: ReadOptions): MessagesRequest {
  return { ...request, max_tokens: maxOutputTokens };
}
