import { chatProtocol } from "../protocols/chat/chat-protocol.ts";
import type { AnyProtocol } from "../protocols/protocol.ts";

/** The wires that we speak to upstreams. */
const protocols = {
  chat: ((use) => use(chatProtocol)) satisfies AnyProtocol as AnyProtocol,
};

/** The name of a wire. */
export type ProtocolId = keyof typeof protocols;

/** The protocol of this name. */
export function selectProtocol(id: ProtocolId): AnyProtocol {
  return protocols[id];
}
