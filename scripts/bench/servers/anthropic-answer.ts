import { textOfPiece, textOfWhole, tokens, type WireAnswer } from "./answer-text.ts";
import { bodyEnd, encodeEvent, encodeJson } from "./framing.ts";
import type { FullSettings } from "./upstream-settings.ts";

const head = { id: "msg_bench", type: "message", role: "assistant", model: "bench" };
const none = { stop_reason: null, stop_sequence: null };
const inputUsage = {
  input_tokens: tokens.input,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 1,
};

function event(type: string, members: object): string {
  return encodeEvent(JSON.stringify({ type, ...members }), type);
}

function encodeBegin({ toolCalls }: FullSettings): string {
  if (toolCalls > 0) throw new Error("The bench streams no calls on Anthropic's wire.");
  const message = { ...head, content: [], ...none, usage: inputUsage };
  return (
    event("message_start", { message }) +
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }) +
    event("ping", {})
  );
}

function encodePiece(index: number, settings: FullSettings): string {
  return event("content_block_delta", {
    index: 0,
    delta: { type: "text_delta", text: textOfPiece(index, settings) },
  });
}

function encodeEnd(): string {
  return (
    event("content_block_stop", { index: 0 }) +
    event("message_delta", {
      delta: { ...none, stop_reason: "end_turn" },
      usage: { output_tokens: tokens.output },
    }) +
    event("message_stop", {}) +
    bodyEnd
  );
}

function encodeWhole(settings: FullSettings): string {
  const content = [{ type: "text", text: textOfWhole(settings) }];
  const usage = { ...inputUsage, output_tokens: tokens.output };
  return encodeJson({ ...head, content, ...none, stop_reason: "end_turn", usage });
}

/** The answers of Anthropic's own wire. */
export const anthropicAnswer: WireAnswer = { encodeBegin, encodePiece, encodeEnd, encodeWhole };
