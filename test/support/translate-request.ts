import type { ConversationRequest, MessagesRequest } from "../../src/anthropic/messages-request.ts";
import type { ChatRequest } from "../../src/protocols/chat/chat-request.ts";
import { buildChatRequest, buildInParts } from "../../src/protocols/chat/request/build-chat-request.ts";
import type { BuiltRequest } from "../../src/protocols/protocol.ts";
import type { BuildOptions } from "../../src/protocols/request-builder.ts";
import { readCountedRequest } from "../../src/translate/conversation/read-counted-request.ts";
import { type ReadOptions, readInParts, readRequest } from "../../src/translate/conversation/read-request.ts";

/** For whom a request is read, and where it goes. */
export type TranslationOptions = ReadOptions & BuildOptions;

/** The chat request for a messages request: read, then written. */
export function translateRequest(
  request: MessagesRequest,
  options: TranslationOptions,
): BuiltRequest<ChatRequest> {
  return buildChatRequest(readRequest(request, options), options);
}

/** The same in parts. */
export function* translateInParts(
  request: MessagesRequest,
  options: TranslationOptions,
): Generator<void, BuiltRequest<ChatRequest>> {
  const asked = yield* readInParts(request, options);
  yield;
  return yield* buildInParts(asked, options);
}

/** The chat request whose prompt tokens `count_tokens` tells. */
export function translateCountedRequest(
  request: ConversationRequest,
  options: TranslationOptions,
): ChatRequest {
  return buildChatRequest(readCountedRequest(request, options), options).body;
}
