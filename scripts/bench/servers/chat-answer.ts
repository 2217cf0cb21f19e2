import { textOfPiece, textOfWhole, tokens, type WireAnswer } from "./answer-text.ts";
import { bodyEnd, encodeEvent, encodeJson } from "./framing.ts";
import type { FullSettings } from "./upstream-settings.ts";

const head = {
  id: "chatcmpl-bench",
  object: "chat.completion.chunk",
  created: 1_700_000_000,
  model: "bench",
};
const usage = { prompt_tokens: tokens.input, completion_tokens: tokens.output, total_tokens: tokens.total };

function chunk(delta: object, finishReason: string | null = null): string {
  return encodeEvent(
    JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: finishReason }] }),
  );
}

function encodePiece(index: number, settings: FullSettings): string {
  const text = textOfPiece(index, settings);
  if (settings.toolCalls === 0)
    return chunk(index === 0 ? { role: "assistant", content: text } : { content: text });

  const piecesPerCall = Math.ceil(settings.chunks / settings.toolCalls);
  const call = Math.floor(index / piecesPerCall);
  const isFirstOfCall = index % piecesPerCall === 0;
  const isLastOfCall = index === settings.chunks - 1 || (index + 1) % piecesPerCall === 0;
  const json = `${isFirstOfCall ? '{"content":"' : ""}${text}${isLastOfCall ? '"}' : ""}`;
  const callHead = isFirstOfCall ? { id: `call_${call}`, type: "function" } : {};
  const name = isFirstOfCall ? { name: "Write" } : {};
  return chunk({ tool_calls: [{ index: call, ...callHead, function: { ...name, arguments: json } }] });
}

/** Finish reason, usage and the mark of the end. */
function encodeEnd({ toolCalls }: FullSettings): string {
  const usageEvent = encodeEvent(JSON.stringify({ ...head, choices: [], usage }));
  return `${chunk({}, toolCalls > 0 ? "tool_calls" : "stop")}${usageEvent}${encodeEvent("[DONE]")}${bodyEnd}`;
}

function encodeWhole(settings: FullSettings): string {
  const message = { role: "assistant", content: textOfWhole(settings) };
  return encodeJson({
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message, finish_reason: "stop" }],
    usage,
  });
}

/** The answers of Chat Completions. */
export const chatAnswer: WireAnswer = { encodeBegin: () => "", encodePiece, encodeEnd, encodeWhole };
