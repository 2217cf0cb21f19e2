import { type Reply, type ReplyOptions, type SseOptions, sse, whole } from "./reply.ts";

/** What an upstream of Anthropic's own wire answers, in its own forms. */

/** The id by which the upstream knows its answer. */
export const upstreamRequestId = "req_011CSHoEeqs5C35K2UUqR7Fy";

const answerHeaders = {
  "request-id": upstreamRequestId,
  "anthropic-organization-id": "org-1",
  "anthropic-ratelimit-unified-status": "allowed",
  "set-cookie": "session=1",
  server: "cloudflare",
};

/** The events of one answer, each as its bytes stand on the wire. */
export function messageEvents(texts: readonly string[] = ["Hel", "lo"]): string[] {
  const usage = {
    input_tokens: 25,
    cache_creation_input_tokens: 7,
    cache_read_input_tokens: 9,
    output_tokens: 1,
  };
  const message = {
    id: "msg_01",
    type: "message",
    role: "assistant",
    model: "claude-opus-5-5",
    content: [],
    stop_reason: null,
    usage,
  };
  return [
    event({ type: "message_start", message }),
    event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    event({ type: "ping" }),
    ...texts.map((text) =>
      event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
    ),
    event({ type: "content_block_stop", index: 0 }),
    event({
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: 12, output_tokens_details: { thinking_tokens: 3 } },
    }),
    event({ type: "message_stop" }),
  ];
}

/** One event as the real API writes it. */
export function event(data: { type: string; [member: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** An answer as a stream. */
export function stream(events: readonly string[] = messageEvents(), options: SseOptions = {}): Reply {
  return sse(events, { done: false, ...options, headers: { ...answerHeaders, ...options.headers } });
}

/** An answer as one message, in bytes that no writer of ours would make. */
export const wholeMessage = `{ "id":"msg_01", "type":"message","role":"assistant","model":"claude-opus-5-5",
  "content":[{"type":"text","text":"H\\u00e9llo"}],"stop_reason":"max_tokens","stop_sequence":null,
  "usage":{"input_tokens":25,"output_tokens":12}, "seed":12345678901234567890 }`;

/** That message as an answer. */
export function message(text: string = wholeMessage, options: ReplyOptions = {}): Reply {
  return whole(new TextEncoder().encode(text), {
    ...options,
    headers: { ...answerHeaders, ...options.headers },
  });
}

/** A refusal in the form of the real API, with its own spacing. */
export function refusal(
  status: number,
  type: string,
  text: string,
  headers: Record<string, string> = {},
): Reply {
  return message(errorText(type, text), { status, headers });
}

/** The body of a refusal. */
export function errorText(type: string, text: string): string {
  return `{"type": "error", "error": {"type": ${JSON.stringify(type)}, "message": ${JSON.stringify(text)}}, "request_id": "${upstreamRequestId}"}`;
}
