import { createRandom } from "../../../test/support/random.ts";

const words =
  "the proxy reads a request and sends it on to the model which writes code for the user file path return const function import type error test value string number null object array await async".split(
    " ",
  );

/** Ordinary looking text of `length` characters, another one for each seed. */
function writeText(length: number, seed: number): string {
  const random = createRandom(seed);
  let text = "";
  while (text.length < length) text += `${words[Math.floor(random() * words.length)]} `;
  return text.slice(0, length);
}

function buildTool(index: number): object {
  const property = { type: "string", description: writeText(60, index) };
  return {
    name: index === 0 ? "Write" : `tool_${index}`,
    description: writeText(700, 1000 + index),
    input_schema: {
      type: "object",
      properties: { content: property, file_path: property, limit: { type: "integer" } },
      required: ["content"],
    },
  };
}

/** A conversation as a coding agent has it: the user's question, then calls of tools and their results in turns. */
function buildMessages(count: number, characters: number): object[] {
  const each = Math.floor(characters / count);
  return Array.from({ length: count }, (_, index) => {
    const text = writeText(each, 5000 + index);
    if (index === 0) return { role: "user", content: text };
    if (index % 2 === 1) {
      const input = { content: text, file_path: `/src/file-${index}.ts` };
      return {
        role: "assistant",
        content: [{ type: "tool_use", id: `toolu_${index}`, name: "Write", input }],
      };
    }
    return {
      role: "user",
      content: [{ type: "tool_result", tool_use_id: `toolu_${index - 1}`, content: text }],
    };
  });
}

export interface BodyOptions {
  stream: boolean;
  /** Bytes of the whole body, about; the smallest has one message and no tools. */
  bytes?: number;
  messages?: number;
  tools?: number;
}

/** The JSON text of a messages request. */
export function buildBody({ stream, bytes = 0, messages = 1, tools = 0 }: BodyOptions): string {
  const head = {
    model: "claude-sonnet-4-5",
    max_tokens: 1024,
    stream,
    system: "You are a coding agent.",
    ...(tools === 0 ? {} : { tools: Array.from({ length: tools }, (_, index) => buildTool(index)) }),
  };
  if (messages === 1 && bytes === 0)
    return JSON.stringify({ ...head, messages: [{ role: "user", content: "Hi" }] });
  const rest = bytes - JSON.stringify(head).length - messages * 110;
  return JSON.stringify({ ...head, messages: buildMessages(messages, Math.max(messages, rest)) });
}

/** The size that an agent's request has after some work: 184 KB, 40 tools, 101 messages. */
export const agentBody: Omit<BodyOptions, "stream"> = { bytes: 184_000, messages: 101, tools: 40 };

/** The bytes of a whole HTTP request. */
export function encodePost({ port, path }: { port: number; path: string }, body: string): Uint8Array {
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    "content-type: application/json",
    "anthropic-version: 2023-06-01",
    "x-api-key: local",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}
