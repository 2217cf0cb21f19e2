import type { ProtocolId } from "../profiles/protocol-id.ts";
import type { AnyProtocol, Protocol, Repair } from "../protocols/protocol.ts";

/** Loads the code of one wire. */
export type ProtocolLoader = () => Promise<AnyProtocol>;

/** The loader of each wire. */
export type ProtocolLoaders = Readonly<Partial<Record<ProtocolId, ProtocolLoader>>>;

/** The wires that we speak to upstreams. None is loaded before an upstream is asked on it. */
export const protocolLoaders: ProtocolLoaders = {
  chat: async () => hide((await import("../protocols/chat/chat-protocol.ts")).chatProtocol),
  responses: async () =>
    hide((await import("../protocols/responses/responses-protocol.ts")).responsesProtocol),
};

/** Hides the types of a protocol. */
function hide<Body extends object, Item, Fix extends Repair>(
  protocol: Protocol<Body, Item, Fix>,
): AnyProtocol {
  return (use) => use(protocol);
}
