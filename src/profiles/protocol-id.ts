/** The wires between us and an upstream: Chat Completions, and OpenAI's Responses API. */
export const protocolIds = ["chat", "responses"] as const;

export type ProtocolId = (typeof protocolIds)[number];
