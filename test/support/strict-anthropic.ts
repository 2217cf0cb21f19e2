import { event, message, refusal, stream } from "./anthropic-upstream.ts";
import type { Answer } from "./chunks.ts";
import { findAnthropicFaults } from "./strict/anthropic-rules.ts";
import { isObject, type Json, objectOf, objectsOf } from "./strict/json.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

const usage = {
  input_tokens: 25,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 9,
  output_tokens: 12,
};

export interface StrictAnthropic extends Upstream {
  /** Everything that was refused, in the order it came. */
  violations: string[];
  /** What it has thought so far, by its signature. */
  signed: ReadonlyMap<string, string>;
}

/**
 * Starts an upstream that reads every messages request as severely as Anthropic's servers, refuses it in their words,
 * and lets `model` answer the rest, whole or streamed as was asked. It signs its thinking, and knows its signatures.
 */
export async function startStrictAnthropic(model: (request: Json) => Answer): Promise<StrictAnthropic> {
  const upstream = await startUpstream();
  const violations: string[] = [];
  const signed = new Map<string, string>();
  upstream.respondWith(({ method, path, headers, body }) => {
    const faults = findAnthropicFaults(body, signed);
    if (method !== "POST" || !path.startsWith("/v1/messages")) faults.push(`${method} ${path}`);
    if (headers["anthropic-version"] === undefined) faults.push("anthropic-version: header is required");
    if (faults.length > 0 || !isObject(body)) {
      violations.push(...faults);
      return refusal(400, "invalid_request_error", faults.join("; "));
    }
    const answer = model(body);
    const signature = `EqQBCgIYAhIM${Buffer.from(`signature ${signed.size}`).toString("base64")}`;
    if (answer.reasoning !== undefined) signed.set(signature, answer.reasoning);
    const said = writeMessage(answer, signature);
    return body["stream"] === true ? stream(eventsOf(said)) : message(JSON.stringify(said));
  });
  return { ...upstream, violations, signed };
}

function writeMessage({ reasoning, text, toolCalls = [] }: Answer, signature: string): Json {
  return {
    id: "msg_01XFDUDYJgAACzvnptvVoYEL",
    type: "message",
    role: "assistant",
    model: "claude-opus-5-5",
    content: [
      ...(reasoning === undefined ? [] : [{ type: "thinking", thinking: reasoning, signature }]),
      ...(text === undefined ? [] : [{ type: "text", text, citations: null }]),
      ...toolCalls.map((call) => ({ type: "tool_use", id: call.id, name: call.name, input: call.arguments })),
    ],
    stop_reason: toolCalls.length > 0 ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage,
  };
}

function eventsOf(said: Json): string[] {
  const blocks = objectsOf(said["content"]).flatMap((block, index) => [
    event({ type: "content_block_start", index, content_block: { ...block, ...emptyOf(block) } }),
    ...deltasOf(block).map((delta) => event({ type: "content_block_delta", index, delta })),
    event({ type: "content_block_stop", index }),
  ]);
  const { stop_reason, stop_sequence, ...rest } = said;
  const begun = { ...rest, content: [], stop_reason: null, stop_sequence: null, usage };
  return [
    event({ type: "message_start", message: begun }),
    ...blocks,
    event({ type: "message_delta", delta: { stop_reason, stop_sequence }, usage }),
    event({ type: "message_stop" }),
  ];
}

/** The members of a block that come piece by piece, before the first piece. */
function emptyOf({ type }: Json): Json {
  if (type === "thinking") return { thinking: "", signature: "" };
  return type === "text" ? { text: "" } : { input: {} };
}

function deltasOf(block: Json): Json[] {
  const { type, thinking, signature, text, input } = block;
  if (type === "thinking")
    return [
      { type: "thinking_delta", thinking },
      { type: "signature_delta", signature },
    ];
  if (type === "text") return [{ type: "text_delta", text }];
  return [{ type: "input_json_delta", partial_json: JSON.stringify(objectOf(input)) }];
}
