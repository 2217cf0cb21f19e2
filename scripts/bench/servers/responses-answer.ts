import { textOfPiece, textOfWhole, tokens, type WireAnswer } from "./answer-text.ts";
import { bodyEnd, encodeEvent, encodeJson } from "./framing.ts";
import type { FullSettings } from "./upstream-settings.ts";

const head = {
  id: "resp_bench",
  object: "response",
  created_at: 1_700_000_000,
  model: "bench",
  error: null,
  incomplete_details: null,
};
const usage = {
  input_tokens: tokens.input,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: tokens.output,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: tokens.total,
};
const place = { item_id: "msg_bench", output_index: 0, content_index: 0 };

function event(type: string, members: object): string {
  return encodeEvent(JSON.stringify({ type, ...members }), type);
}

function buildMessage(status: string, text: string | null): object {
  const content = text === null ? [] : [{ type: "output_text", annotations: [], logprobs: [], text }];
  return { id: place.item_id, type: "message", status, content, role: "assistant" };
}

function encodeBegin({ toolCalls }: FullSettings): string {
  if (toolCalls > 0) throw new Error("The bench streams no calls on the Responses API.");
  const response = { ...head, status: "in_progress", output: [], usage: null };
  const part = { type: "output_text", annotations: [], logprobs: [], text: "" };
  return (
    event("response.created", { sequence_number: 0, response }) +
    event("response.in_progress", { sequence_number: 1, response }) +
    event("response.output_item.added", {
      sequence_number: 2,
      output_index: 0,
      item: buildMessage("in_progress", null),
    }) +
    event("response.content_part.added", { sequence_number: 3, ...place, part })
  );
}

/** With all members that OpenAI sends, as the chunks of the other wire have theirs. */
function encodePiece(index: number, settings: FullSettings): string {
  return event("response.output_text.delta", {
    sequence_number: index + 4,
    ...place,
    delta: textOfPiece(index, settings),
    logprobs: [],
  });
}

/** The `done` events repeat the whole text, as a real server's do: it is what was streamed. */
function encodeEnd(settings: FullSettings): string {
  const text = streamedText(settings);
  const item = buildMessage("completed", text);
  const part = { type: "output_text", annotations: [], logprobs: [], text };
  const number = settings.chunks + 4;
  return (
    event("response.output_text.done", { sequence_number: number, ...place, text, logprobs: [] }) +
    event("response.content_part.done", { sequence_number: number + 1, ...place, part }) +
    event("response.output_item.done", { sequence_number: number + 2, output_index: 0, item }) +
    event("response.completed", {
      sequence_number: number + 3,
      response: { ...head, status: "completed", output: [item], usage },
    }) +
    bodyEnd
  );
}

/** A paced stream has the times of its writing in its text, so that it cannot be told again. */
function streamedText(settings: FullSettings): string {
  if (settings.paceMs > 0) throw new Error("The bench paces no stream on the Responses API.");
  let text = "";
  for (let index = 0; index < settings.chunks; index++) text += textOfPiece(index, settings);
  return text;
}

function encodeWhole(settings: FullSettings): string {
  const output = [buildMessage("completed", textOfWhole(settings))];
  return encodeJson({ ...head, status: "completed", output, usage });
}

/** The answers of the Responses API. */
export const responsesAnswer: WireAnswer = { encodeBegin, encodePiece, encodeEnd, encodeWhole };
