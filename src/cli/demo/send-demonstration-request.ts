import { EventSourceParserStream } from "eventsource-parser/stream";
import { isJsonObject, type JsonObject } from "../../json/json-value.ts";

/** The demo's request: small enough to be read whole on both wires, with a tool as Claude Code offers it. */
export const demonstrationRequest = {
  model: "claude-sonnet-5-5",
  max_tokens: 1024,
  stream: true,
  tools: [
    {
      name: "Bash",
      description: "Run a command",
      input_schema: {
        type: "object",
        properties: { command: { type: "string" } },
        required: ["command"],
      },
    },
  ],
  system: "You are a careful assistant.",
  messages: [{ role: "user", content: "Say hello from a shell." }],
} satisfies JsonObject;

/**
 * Sends the demo's messages request to the proxy and yields the events of the answer as they come. Throws an Error with
 * the reason if the proxy refuses, if an error event comes, or if the stream ends before the message does.
 */
export async function* sendDemonstrationRequest(proxyUrl: string): AsyncGenerator<JsonObject> {
  const response = await fetch(`${proxyUrl}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
    body: JSON.stringify(demonstrationRequest),
    // Both ends are in this process, so an HTTP proxy from the environment must not be used.
    proxy: false,
  });
  if (!response.ok || response.body === null) {
    throw new Error(`The proxy answered with status ${response.status}: ${await response.text()}`);
  }
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  let isWhole = false;
  for await (const { data } of events) {
    const event: unknown = JSON.parse(data);
    if (!isJsonObject(event)) throw new Error(`An event is not an object: ${data}`);
    yield event;
    if (event["type"] === "error") throw new Error(`The stream ended with an error: ${data}`);
    isWhole = event["type"] === "message_stop";
  }
  if (!isWhole) throw new Error("The stream ended before the message did.");
}
