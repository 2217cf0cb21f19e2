import type { JsonObject } from "../json/json-value.ts";
import type { DemonstrationAnswer } from "./compose-answer.ts";

/** The members that all objects of one answer repeat. */
export interface AnswerHead {
  id: string;
  /** The id of the tool call, if the answer has one. */
  toolCallId: string;
  model: string;
  /** Unix seconds. */
  created: number;
}

/**
 * The answer as `chat.completion`, for a request without `stream`.
 * Source: openai 7.57.0 resources/chat/completions.
 */
export function buildCompletion(answer: DemonstrationAnswer, head: AnswerHead): JsonObject {
  const toolCalls = answer.toolCall && [
    { id: head.toolCallId, type: "function", function: { ...answer.toolCall } },
  ];
  const message = { role: "assistant", content: answer.text, refusal: null };
  return {
    ...members(head, "chat.completion"),
    choices: [
      {
        index: 0,
        message: toolCalls === null ? message : { ...message, tool_calls: toolCalls },
        logprobs: null,
        finish_reason: answer.finishReason,
      },
    ],
    usage: answer.usage,
  };
}

/**
 * The answer as `chat.completion.chunk` objects in the order of a real server: the role, the text, the tool call, the
 * finish reason and, if it was requested, the usage in a chunk without choices.
 */
export function buildChunks(
  answer: DemonstrationAnswer,
  head: AnswerHead,
  includesUsage: boolean,
): JsonObject[] {
  const deltas: JsonObject[] = [
    { role: "assistant", content: "" },
    ...textPieces(answer.text).map((content) => ({ content })),
    ...toolCallDeltas(answer.toolCall, head),
  ];
  const chunk = (choices: unknown[], usage: DemonstrationAnswer["usage"] | null) => ({
    ...members(head, "chat.completion.chunk"),
    choices,
    ...(includesUsage && { usage }),
  });
  const choice = (delta: JsonObject, finish_reason: string | null) => ({ index: 0, delta, finish_reason });
  return [
    ...deltas.map((delta) => chunk([choice(delta, null)], null)),
    chunk([choice({}, answer.finishReason)], null),
    ...(includesUsage ? [chunk([], answer.usage)] : []),
  ];
}

function members({ id, created, model }: AnswerHead, object: string): JsonObject {
  return { id, object, created, model };
}

function toolCallDeltas(call: DemonstrationAnswer["toolCall"], head: AnswerHead): JsonObject[] {
  if (call === null) return [];
  const opening = {
    index: 0,
    id: head.toolCallId,
    type: "function",
    function: { name: call.name, arguments: "" },
  };
  const pieces = call.arguments.match(/[\s\S]{1,24}/gu) ?? [];
  return [opening, ...pieces.map((piece) => ({ index: 0, function: { arguments: piece } }))].map((delta) => ({
    tool_calls: [delta],
  }));
}

/** Pieces of three words, each with the space after it, so that the answer visibly grows. */
function textPieces(text: string): string[] {
  return text.match(/\s*(?:\S+\s*){1,3}/gu) ?? [];
}
