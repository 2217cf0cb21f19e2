import { event, message, refusal, stream } from "./anthropic-upstream.ts";
import type { Answer } from "./chunks.ts";
import { json, type Reply } from "./reply.ts";
import { isObject, type Json, objectsOf } from "./strict/json.ts";
import type { Model } from "./strict-upstream.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

/** What a count of this upstream always says. */
export const countedTokens = 4242;

/** With this the upstream signs its thinking. */
export const signature = "RXFRQkNrWUlCQmdDS2tC";

/**
 * Starts an upstream of Anthropic's own wire at `/v1`. The model sees each messages request as a chat request would say
 * it, and is written as Anthropic's servers do, whole or streamed as was asked.
 */
export async function startAnthropicModel(model: Model): Promise<Upstream> {
  const upstream = await startUpstream();
  let answers = 0;
  upstream.respondWith(({ path, body }) => {
    const { pathname } = new URL(path, "http://upstream.invalid");
    if (!isObject(body)) return refusal(400, "invalid_request_error", "no JSON");
    if (pathname === "/v1/messages/count_tokens") return json({ input_tokens: countedTokens });
    if (pathname !== "/v1/messages") return refusal(404, "not_found_error", pathname);
    const answer = model(readAsChat(body));
    if ("head" in answer) return answer;
    answers += 1;
    // Clients take answers of the same id for one.
    return replyOf(answer, body, `msg_${answers}`);
  });
  return upstream;
}

function replyOf(answer: Answer, { model, stream: isStream }: Json, id: string): Reply {
  const blocks = blocksOf(answer);
  const stop_reason = (answer.toolCalls ?? []).length > 0 ? "tool_use" : "end_turn";
  const usage = { input_tokens: 100, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const head = { id, type: "message", role: "assistant", model };
  if (isStream !== true) {
    const whole = { ...head, content: blocks, stop_reason, usage: { ...usage, output_tokens: 10 } };
    return message(JSON.stringify(whole));
  }
  return stream([
    event({
      type: "message_start",
      message: { ...head, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
    }),
    ...blocks.flatMap(eventsOf),
    event({ type: "message_delta", delta: { stop_reason }, usage: { output_tokens: 10 } }),
    event({ type: "message_stop" }),
  ]);
}

function blocksOf({ reasoning, text, toolCalls = [] }: Answer): Json[] {
  return [
    ...(reasoning === undefined ? [] : [{ type: "thinking", thinking: reasoning, signature }]),
    ...(text === undefined ? [] : [{ type: "text", text }]),
    ...toolCalls.map(({ id, name, arguments: input }) => ({ type: "tool_use", id, name, input })),
  ];
}

function eventsOf(block: Json, index: number): string[] {
  const begin = (content_block: Json) => event({ type: "content_block_start", index, content_block });
  const add = (delta: Json) => event({ type: "content_block_delta", index, delta });
  const end = event({ type: "content_block_stop", index });
  const { type, thinking, text, input } = block;
  if (type === "thinking")
    return [
      begin({ ...block, thinking: "", signature: "" }),
      add({ type: "thinking_delta", thinking }),
      add({ type: "signature_delta", signature }),
      end,
    ];
  if (type === "text") return [begin({ ...block, text: "" }), add({ type: "text_delta", text }), end];
  const partial_json = JSON.stringify(input);
  return [begin({ ...block, input: {} }), add({ type: "input_json_delta", partial_json }), end];
}

/** The conversation as a chat request has it. */
function readAsChat(request: Json): Json {
  const messages = objectsOf(request["messages"]).flatMap(({ role, content }) => {
    const blocks = typeof content === "string" ? [{ type: "text", text: content }] : objectsOf(content);
    const texts = blocks.flatMap(({ text }) => (typeof text === "string" ? [text] : []));
    if (role === "assistant") return [{ role, content: texts.join(""), tool_calls: callsOf(blocks) }];
    const results = blocks
      .filter(({ type }) => type === "tool_result")
      .map((block) => ({ role: "tool", tool_call_id: block["tool_use_id"], content: block["content"] }));
    return texts.length === 0 ? results : [...results, { role, content: texts.join("\n") }];
  });
  return { ...("tools" in request ? { tools: request["tools"] } : {}), messages };
}

function callsOf(blocks: readonly Json[]): Json[] {
  return blocks
    .filter(({ type }) => type === "tool_use")
    .map(({ id, name, input }) => ({
      id,
      type: "function",
      function: { name, arguments: JSON.stringify(input) },
    }));
}
