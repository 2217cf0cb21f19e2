import { createAnthropic } from "@ai-sdk/anthropic";
import Anthropic from "@anthropic-ai/sdk";
import { isObject } from "./strict/json.ts";

/** What a client of somebody else's making understood of a stream; null for a stream that is a failure. */
export interface Understood {
  thinking: string;
  text: string;
  calls: { id: string; name: string; input: unknown }[];
}

/**
 * Two clients that are not ours, on a server that plays them streams as they are: the official SDK, which folds a
 * stream into a message, and the AI SDK, which holds every event to a schema of its own.
 */
export interface Oracles {
  askAnthropicSdk(sse: string): Promise<Understood | null>;
  askAiSdk(sse: string): Promise<Understood | null>;
  stop(): Promise<void>;
}

/** Starts the server of the oracles on a free loopback port. */
export function startOracles(): Oracles {
  const streams = new Map<string, string>();
  let count = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      const id = new URL(request.url).pathname.split("/")[1] ?? "";
      const sse = streams.get(id);
      streams.delete(id);
      return new Response(sse, { headers: { "content-type": "text/event-stream" } });
    },
  });
  const publish = (sse: string): string => {
    count += 1;
    streams.set(String(count), sse);
    return `http://127.0.0.1:${server.port}/${count}`;
  };
  return {
    askAnthropicSdk: (sse) => foldWithAnthropicSdk(publish(sse)),
    askAiSdk: (sse) => readWithAiSdk(publish(sse)),
    stop: () => server.stop(true),
  };
}

async function foldWithAnthropicSdk(baseURL: string): Promise<Understood | null> {
  const client = new Anthropic({ baseURL, apiKey: "sk-client", maxRetries: 0 });
  const stream = client.messages.stream({
    model: "m",
    max_tokens: 1,
    messages: [{ role: "user", content: "hi" }],
  });
  try {
    return understand((await stream.finalMessage()).content);
  } catch (error) {
    if (!(error instanceof Anthropic.APIError)) throw error;
    return null;
  }
}

function understand(content: readonly Anthropic.ContentBlock[]): Understood {
  const understood: Understood = { thinking: "", text: "", calls: [] };
  for (const block of content) {
    if (block.type === "thinking") understood.thinking += block.thinking;
    if (block.type === "text") understood.text += block.text;
    if (block.type === "tool_use") {
      const { id, name, input } = block;
      understood.calls.push({ id, name, input });
    }
  }
  return understood;
}

async function readWithAiSdk(url: string): Promise<Understood | null> {
  const model = createAnthropic({ baseURL: `${url}/v1`, apiKey: "sk-client" })("m");
  const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "hi" }] }];
  const understood: Understood = { thinking: "", text: "", calls: [] };
  try {
    const reader = (await model.doStream({ prompt })).stream.getReader();
    for (;;) {
      const { done, value: part } = await reader.read();
      if (done) return understood;
      if (part.type === "reasoning-delta") understood.thinking += part.delta;
      if (part.type === "text-delta") understood.text += part.delta;
      if (part.type === "tool-call" && part.providerExecuted !== true) {
        understood.calls.push({ id: part.toolCallId, name: part.toolName, input: JSON.parse(part.input) });
      }
      if (part.type === "error") return readFailure(part.error);
    }
  } catch (error) {
    return readFailure(error);
  }
}

/**
 * Null for an error that the stream told.
 * @throws the error when it is the AI SDK's own: the stream does not fit its schema.
 */
function readFailure(error: unknown): null {
  const isTold = error instanceof Error ? error.name === "AI_APICallError" : isObject(error);
  if (isTold) return null;
  throw error;
}
