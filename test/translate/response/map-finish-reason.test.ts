import { describe, expect, test } from "bun:test";
import type { UpstreamError } from "../../../src/openai/upstream-error.ts";
import {
  type AnswerEnd,
  isLengthReason,
  mapFinishReason,
} from "../../../src/translate/response/map-finish-reason.ts";

const plainEnd: AnswerEnd = {
  finishReason: "stop",
  nativeFinishReason: undefined,
  stopReason: undefined,
  matchedStop: undefined,
  producedToolUse: false,
  producedAnything: true,
  refusalText: null,
  watchedStopSequence: null,
  stopSequences: [],
  usage: null,
  maxTokens: null,
  contextWindow: null,
};

const endTurn = { stopReason: "end_turn", stopSequence: null, stopDetails: null, warning: null };
const called = { producedToolUse: true };
const full = { usage: { promptTokens: 900, completionTokens: 100 }, contextWindow: 1000, maxTokens: 200 };
const refusal = (explanation: string | null) => ({
  ...endTurn,
  stopReason: "refusal",
  stopDetails: { type: "refusal", category: null, explanation },
});

describe("the end of an answer", () => {
  const cases: [string, Partial<AnswerEnd>, object][] = [
    ["stop", {}, endTurn],
    ["eos", { finishReason: "eos" }, endTurn],
    ["end_turn", { finishReason: "end_turn" }, endTurn],
    ["none", { finishReason: null }, endTurn],
    ["empty", { finishReason: "" }, endTurn],
    ["unknown", { finishReason: "Tired" }, { ...endTurn, warning: "unknown finish_reason tired" }],

    [
      "tool_calls with a call",
      { ...called, finishReason: "tool_calls" },
      { ...endTurn, stopReason: "tool_use" },
    ],
    ["stop with a call (Gemini, Ollama)", called, { ...endTurn, stopReason: "tool_use" }],
    ["none with a call", { ...called, finishReason: null }, { ...endTurn, stopReason: "tool_use" }],
    ["empty with a call (xAI)", { ...called, finishReason: "" }, { ...endTurn, stopReason: "tool_use" }],
    [
      "a call before a stop sequence",
      { ...called, watchedStopSequence: "END" },
      { ...endTurn, stopReason: "tool_use" },
    ],
    ["length with a call", { ...called, finishReason: "length" }, { ...endTurn, stopReason: "max_tokens" }],
    ["content_filter with a call", { ...called, finishReason: "content_filter" }, refusal(null)],
    [
      "tool_calls without a call",
      { finishReason: "tool_calls" },
      { ...endTurn, warning: "finish_reason tool_calls without a tool call" },
    ],
    [
      "function_call without a call",
      { finishReason: "function_call" },
      { ...endTurn, warning: "finish_reason function_call without a tool call" },
    ],

    [
      "a hit of our own watch",
      { watchedStopSequence: "END" },
      { ...endTurn, stopReason: "stop_sequence", stopSequence: "END" },
    ],
    [
      "vLLM's stop_reason",
      { stopReason: "END" },
      { ...endTurn, stopReason: "stop_sequence", stopSequence: "END" },
    ],
    ["vLLM's stop token", { stopReason: 151645 }, endTurn],
    [
      "SGLang's matched_stop",
      { matchedStop: "END" },
      { ...endTurn, stopReason: "stop_sequence", stopSequence: "END" },
    ],
    ["SGLang's stop token", { matchedStop: 2 }, endTurn],
    [
      "OpenRouter's native reason with one sequence asked",
      { nativeFinishReason: "stop_sequence", stopSequences: ["END"] },
      { ...endTurn, stopReason: "stop_sequence", stopSequence: "END" },
    ],
    [
      "OpenRouter's native reason with two",
      { nativeFinishReason: "stop_sequence", stopSequences: ["A", "B"] },
      endTurn,
    ],
    ["OpenRouter's native reason with none", { nativeFinishReason: "stop_sequence" }, endTurn],

    ["length", { finishReason: "length" }, { ...endTurn, stopReason: "max_tokens" }],
    ["max_tokens", { finishReason: "max_tokens" }, { ...endTurn, stopReason: "max_tokens" }],
    ["MAX_TOKENS", { finishReason: "MAX_TOKENS" }, { ...endTurn, stopReason: "max_tokens" }],
    ["model_length (Mistral)", { finishReason: "model_length" }, { ...endTurn, stopReason: "max_tokens" }],
    [
      "length in a full window",
      { ...full, finishReason: "length" },
      { ...endTurn, stopReason: "model_context_window_exceeded" },
    ],
    [
      "length in a window with room",
      { ...full, finishReason: "length", contextWindow: 1001 },
      { ...endTurn, stopReason: "max_tokens" },
    ],
    [
      "length with all output that was asked for",
      { ...full, finishReason: "length", maxTokens: 100 },
      { ...endTurn, stopReason: "max_tokens" },
    ],
    [
      "length with no usage",
      { ...full, finishReason: "length", usage: null },
      { ...endTurn, stopReason: "max_tokens" },
    ],
    [
      "model_context_window_exceeded (GLM)",
      { finishReason: "model_context_window_exceeded" },
      { ...endTurn, stopReason: "model_context_window_exceeded" },
    ],

    ["content_filter", { finishReason: "content_filter" }, refusal(null)],
    ["sensitive (GLM)", { finishReason: "sensitive" }, refusal(null)],
    ["SAFETY", { finishReason: "SAFETY" }, refusal(null)],
    ["RECITATION", { finishReason: "RECITATION" }, refusal(null)],
    ["PROHIBITED_CONTENT", { finishReason: "PROHIBITED_CONTENT" }, refusal(null)],
    [
      "content_filter with an empty refusal",
      { finishReason: "content_filter", refusalText: "" },
      refusal(null),
    ],
    ["[E17] a refusal with stop", { refusalText: "I can't" }, refusal("I can't")],

    [
      "insufficient_system_resource after output (DeepSeek)",
      { finishReason: "insufficient_system_resource" },
      { ...endTurn, warning: "The upstream ran out of resources (insufficient_system_resource)" },
    ],
  ];
  test.each(cases)("[3.2] %s", (_name, end, expected) => {
    expect<object>(mapFinishReason({ ...plainEnd, ...end })).toEqual(expected);
  });
});

describe("an end that is a failure", () => {
  const failureOf = (end: Partial<AnswerEnd>): UpstreamError => {
    const mapped = mapFinishReason({ ...plainEnd, ...end });
    if (!("failure" in mapped)) throw new Error("expected a failure");
    return mapped.failure;
  };
  const cases: [string, Partial<AnswerEnd>, number, string][] = [
    ["error", { finishReason: "error" }, 502, "The upstream ended the answer with finish_reason error"],
    [
      "error with a call",
      { ...called, finishReason: "error" },
      502,
      "The upstream ended the answer with finish_reason error",
    ],
    [
      "network_error (GLM)",
      { finishReason: "network_error" },
      502,
      "The upstream ended the answer with finish_reason network_error",
    ],
    [
      "insufficient_system_resource with no output (DeepSeek)",
      { finishReason: "insufficient_system_resource", producedAnything: false },
      529,
      "The upstream ran out of resources (insufficient_system_resource)",
    ],
  ];
  test.each(cases)("[3.2 5.4] %s", (_name, end, status, message) => {
    const failure = failureOf(end);
    expect({ kind: failure.kind, status: failure.status, message: failure.message }).toEqual({
      kind: "http",
      status,
      message,
    });
  });
});

test.each([
  ["length", true],
  ["MAX_TOKENS", true],
  ["model_length", true],
  ["model_context_window_exceeded", true],
  ["stop", false],
  [null, false],
])("[3.5] %p may have cut a tool call: %p", (reason, expected) => {
  expect(isLengthReason(reason)).toBe(expected);
});
