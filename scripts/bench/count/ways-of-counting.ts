import type { ChatRequest } from "../../../src/protocols/chat/chat-request.ts";
import { countChatRequest } from "../../../test/support/count-chat-request.ts";

/** Three ways to count the same; each is loaded in a process of its own when memory or pauses are measured. */
export type WayName = "claude-proxy" | "gpt-tokenizer" | "tiktoken";

export const wayNames: readonly WayName[] = ["claude-proxy", "gpt-tokenizer", "tiktoken"];

export interface Way {
  countText(text: string): Promise<number>;
  countRequest(request: ChatRequest): Promise<number>;
}

/** Loads what the way needs, as lazily as the way does: ours loads its table with the first count. */
export async function createWay(name: WayName): Promise<Way> {
  if (name === "claude-proxy") return createOurWay();
  const countText = name === "gpt-tokenizer" ? await loadGptTokenizer() : await loadTiktoken();
  return {
    countText: async (text) => countText(text),
    countRequest: async (request) => textsOf(request).reduce((sum, text) => sum + countText(text), 0),
  };
}

async function createOurWay(): Promise<Way> {
  const { createTokenCounter } = await import("../../../src/tokens/create-token-counter.ts");
  const counter = createTokenCounter({
    calibrationFilePath: null,
    upstreamHost: "bench",
    warn: (message, cause) => console.error(message, cause),
  });
  return {
    countText: (text) => counter.countText("gpt-5.4", text),
    countRequest: async (request) => (await countChatRequest(counter, request)).tokens,
  };
}

async function loadGptTokenizer(): Promise<(text: string) => number> {
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
  return (text) => countTokens(text, { disallowedSpecial: new Set() });
}

async function loadTiktoken(): Promise<(text: string) => number> {
  const { get_encoding } = await import("tiktoken");
  const encoding = get_encoding("o200k_base");
  return (text) => encoding.encode(text, [], []).length;
}

/** What a program would count that takes a tokenizer and adds up the texts. */
function textsOf(request: ChatRequest): string[] {
  const contents = request.messages.map(({ content }) => (typeof content === "string" ? content : ""));
  return [...contents, ...(request.tools ?? []).map((tool) => JSON.stringify(tool))];
}
