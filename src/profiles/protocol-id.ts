/**
 * The wires between us and an upstream: Chat Completions, OpenAI's Responses API, and Anthropic's own, on which requests
 * and answers are passed on as they are.
 */
export const protocolIds = ["chat", "responses", "anthropic"] as const;

export type ProtocolId = (typeof protocolIds)[number];
