import type { JsonObject } from "../../json/json-value.ts";
import type { DemonstrationAnswer } from "../compose-answer.ts";
import { cutArguments, cutText } from "../cut-in-pieces.ts";

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
        finish_reason: finishReasonOf(answer),
      },
    ],
    usage: usageOf(answer),
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
    ...cutText(answer.text).map((content) => ({ content })),
    ...toolCallDeltas(answer.toolCall, head),
  ];
  const chunk = (choices: unknown[], usage: JsonObject | null) => ({
    ...members(head, "chat.completion.chunk"),
    choices,
    ...(includesUsage && { usage }),
  });
  const choice = (delta: JsonObject, finish_reason: string | null) => ({ index: 0, delta, finish_reason });
  return [
    ...deltas.map((delta) => chunk([choice(delta, null)], null)),
    chunk([choice({}, finishReasonOf(answer))], null),
    ...(includesUsage ? [chunk([], usageOf(answer))] : []),
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
  const pieces = cutArguments(call.arguments);
  return [opening, ...pieces.map((piece) => ({ index: 0, function: { arguments: piece } }))].map((delta) => ({
    tool_calls: [delta],
  }));
}

function finishReasonOf({ isCut, toolCall }: DemonstrationAnswer): string {
  if (isCut) return "length";
  return toolCall === null ? "stop" : "tool_calls";
}

function usageOf({ usage: { input, output } }: DemonstrationAnswer): JsonObject {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}
