import type { JsonObject } from "../../json/json-value.ts";
import type { DemonstrationAnswer, DemonstrationCall } from "../compose-answer.ts";
import { cutArguments, cutText } from "../cut-in-pieces.ts";

/** The members that all objects of one answer repeat. */
export interface AnswerHead {
  id: string;
  /** The ids of the tool calls, as many as the answer has. */
  toolCallIds: readonly string[];
  model: string;
  /** Unix seconds. */
  created: number;
}

/**
 * The answer as `chat.completion`, for a request without `stream`.
 * Source: openai 7.57.0 resources/chat/completions.
 */
export function buildCompletion(answer: DemonstrationAnswer, head: AnswerHead): JsonObject {
  const toolCalls = answer.toolCalls.map((call, index) => ({
    id: head.toolCallIds[index],
    type: "function",
    function: { ...call },
  }));
  const message = { role: "assistant", content: answer.text, refusal: null };
  return {
    ...members(head, "chat.completion"),
    choices: [
      {
        index: 0,
        message: toolCalls.length === 0 ? message : { ...message, tool_calls: toolCalls },
        logprobs: null,
        finish_reason: finishReasonOf(answer),
      },
    ],
    usage: usageOf(answer),
  };
}

/**
 * The answer as `chat.completion.chunk` objects in the order of a real server: the role, the text, the tool calls, the
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
    ...answer.toolCalls.flatMap((call, index) => toolCallDeltas(call, index, head)),
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

function toolCallDeltas(call: DemonstrationCall, index: number, head: AnswerHead): JsonObject[] {
  const opening = {
    index,
    id: head.toolCallIds[index],
    type: "function",
    function: { name: call.name, arguments: "" },
  };
  const pieces = cutArguments(call.arguments);
  return [opening, ...pieces.map((piece) => ({ index, function: { arguments: piece } }))].map((delta) => ({
    tool_calls: [delta],
  }));
}

function finishReasonOf({ isCut, toolCalls }: DemonstrationAnswer): string {
  if (isCut) return "length";
  return toolCalls.length === 0 ? "stop" : "tool_calls";
}

function usageOf({ usage: { input, output } }: DemonstrationAnswer): JsonObject {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}
