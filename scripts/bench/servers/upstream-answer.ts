import { encodeTimeMark, type FullSettings, lastMark } from "./upstream-settings.ts";

const filler = "The quick brown fox jumps over the lazy dog while the proxy counts chunks. ";

/** `count` characters of ordinary text. */
function fill(count: number): string {
  return filler.repeat(Math.ceil(count / filler.length)).slice(0, count);
}

const head = {
  id: "chatcmpl-bench",
  object: "chat.completion.chunk",
  created: 1_700_000_000,
  model: "bench",
};
const usage = { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 };

function event(body: object): string {
  const data = `data: ${JSON.stringify(body)}\n\n`;
  return `${data.length.toString(16)}\r\n${data}\r\n`;
}

function chunk(delta: object, finishReason: string | null = null): string {
  return event({ ...head, choices: [{ index: 0, delta, finish_reason: finishReason }] });
}

/** The piece at `index` of a stream, framed for a chunked body. */
export function encodePiece(index: number, settings: FullSettings): string {
  const isLast = index === settings.chunks - 1;
  const begin = settings.paceMs > 0 ? encodeTimeMark() : "";
  const end = isLast ? lastMark : "";
  const text = begin + fill(Math.max(1, settings.chunkCharacters - begin.length - end.length)) + end;
  if (settings.toolCalls === 0)
    return chunk(index === 0 ? { role: "assistant", content: text } : { content: text });

  const piecesPerCall = Math.ceil(settings.chunks / settings.toolCalls);
  const call = Math.floor(index / piecesPerCall);
  const isFirstOfCall = index % piecesPerCall === 0;
  const isLastOfCall = isLast || (index + 1) % piecesPerCall === 0;
  const json = `${isFirstOfCall ? '{"content":"' : ""}${text}${isLastOfCall ? '"}' : ""}`;
  const callHead = isFirstOfCall ? { id: `call_${call}`, type: "function" } : {};
  const name = isFirstOfCall ? { name: "Write" } : {};
  return chunk({ tool_calls: [{ index: call, ...callHead, function: { ...name, arguments: json } }] });
}

/** What follows the last piece: finish reason, usage, the mark of the end and the end of the body. */
export function encodeEnd({ toolCalls }: FullSettings): string {
  const usageEvent = event({ ...head, choices: [], usage });
  const done = "e\r\ndata: [DONE]\n\n\r\n";
  return `${chunk({}, toolCalls > 0 ? "tool_calls" : "stop")}${usageEvent}${done}0\r\n\r\n`;
}

export const streamHead =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n";

/** A whole answer with its head. */
export function encodeWhole(settings: FullSettings): string {
  const content = fill(settings.chunks * settings.chunkCharacters) + lastMark;
  const message = { role: "assistant", content };
  return encodeJson({
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message, finish_reason: "stop" }],
    usage,
  });
}

export function encodeJson(value: unknown): string {
  const body = JSON.stringify(value);
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
