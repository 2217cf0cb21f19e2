import { createRepairMemory } from "../../src/learned/repair-memory.ts";
import { chatProtocol } from "../../src/protocols/chat/chat-protocol.ts";
import type { ChatRequest } from "../../src/protocols/chat/chat-request.ts";
import type { ChatChunk } from "../../src/protocols/chat/chat-response.ts";
import type { ChatRepair } from "../../src/protocols/chat/repair/repair.ts";
import type { Wire } from "../../src/relay/wire.ts";
import type { UpstreamClient } from "../../src/upstream/upstream-client.ts";

/** A wire of Chat Completions, with its types. */
export function createChatWire(
  client: UpstreamClient,
  nowMs: () => number,
): Wire<ChatRequest, ChatChunk, ChatRepair> {
  const { path, decoder, repairs: rules } = chatProtocol;
  return {
    protocol: chatProtocol,
    send: (call) => client.send({ ...call, path, decoder }),
    repairs: createRepairMemory({ rules, nowMs }),
  };
}
