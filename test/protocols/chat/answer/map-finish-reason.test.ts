import { describe, expect, test } from "bun:test";
import { mapFinishReason } from "../../../../src/protocols/chat/answer/map-finish-reason.ts";
import { mapCallCut } from "../../../../src/translate/answer/calls/call-cut.ts";
import { type MappedStop, mapStop, type StopFacts } from "../../../../src/translate/answer/map-stop.ts";
import type { StatedEnd } from "../../../../src/translate/answer/stated-end.ts";
import { UpstreamError } from "../../../../src/upstream/upstream-error.ts";

/** How an answer ended: what its choice says, and what else is known. */
interface AnswerEnd extends Omit<StopFacts, "stated"> {
  finishReason: string | null;
  nativeFinishReason: unknown;
  stopReason: unknown;
  matchedStop: unknown;
  stopSequences: readonly string[];
}

function stateEnd(end: Omit<AnswerEnd, keyof StopFacts>): StatedEnd | null {
  const { finishReason, nativeFinishReason, stopReason, matchedStop, stopSequences } = end;
  const choice = {
    finish_reason: finishReason,
    native_finish_reason: nativeFinishReason,
    stop_reason: stopReason,
    matched_stop: matchedStop,
  };
  return mapFinishReason(choice, stopSequences);
}

function mapEnd(end: AnswerEnd): MappedStop {
  return mapStop({ ...end, stated: stateEnd(end) });
}

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
    ["[3.2:other] stop", {}, endTurn],
    ["[3.2:other] eos", { finishReason: "eos" }, endTurn],
    ["[3.2:other] end_turn", { finishReason: "end_turn" }, endTurn],
    ["[3.2:other] none", { finishReason: null }, endTurn],
    ["[3.2:other] empty", { finishReason: "" }, endTurn],
    [
      "[3.2:other] unknown",
      { finishReason: "Tired" },
      { ...endTurn, warning: "unknown finish_reason tired" },
    ],

    [
      "[3.2:tool_use] tool_calls with a call",
      { ...called, finishReason: "tool_calls" },
      { ...endTurn, stopReason: "tool_use" },
    ],
    ["[3.2:tool_use] stop with a call (Gemini, Ollama)", called, { ...endTurn, stopReason: "tool_use" }],
    [
      "[3.2:tool_use] none with a call",
      { ...called, finishReason: null },
      { ...endTurn, stopReason: "tool_use" },
    ],
    [
      "[3.2:tool_use] empty with a call (xAI)",
      { ...called, finishReason: "" },
      { ...endTurn, stopReason: "tool_use" },
    ],
    [
      "[3.2:tool_use] a call before a stop sequence",
      { ...called, watchedStopSequence: "END" },
      { ...endTurn, stopReason: "tool_use" },
    ],
    [
      "[3.2:length] length with a call",
      { ...called, finishReason: "length" },
      { ...endTurn, stopReason: "max_tokens" },
    ],
    [
      "[3.2:refusal] content_filter with a call",
      { ...called, finishReason: "content_filter" },
      refusal(null),
    ],
    [
      "[3.2:no-call] tool_calls without a call",
      { finishReason: "tool_calls" },
      { ...endTurn, warning: "finish_reason tool_calls without a tool call" },
    ],
    [
      "[3.2:no-call] function_call without a call",
      { finishReason: "function_call" },
      { ...endTurn, warning: "finish_reason function_call without a tool call" },
    ],

    [
      "[3.2:stop_sequence] a hit of our own watch",
      { watchedStopSequence: "END" },
      { ...endTurn, stopReason: "stop_sequence", stopSequence: "END" },
    ],
    [
      "[3.2:stop_sequence] vLLM's stop_reason",
      { stopReason: "END", stopSequences: ["A", "END"] },
      { ...endTurn, stopReason: "stop_sequence", stopSequence: "END" },
    ],
    ["[3.2:stop_sequence] vLLM's stop token", { stopReason: 151645 }, endTurn],
    [
      "[3.2:stop_sequence] SGLang's matched_stop",
      { matchedStop: "END", stopSequences: ["END"] },
      { ...endTurn, stopReason: "stop_sequence", stopSequence: "END" },
    ],
    ["[3.2:stop_sequence] SGLang's stop token", { matchedStop: 2 }, endTurn],
    [
      "[3.2:stop_sequence] a stop string of SGLang's own chat template",
      { matchedStop: "<|im_end|>", stopSequences: ["END"] },
      endTurn,
    ],
    [
      "[3.2:stop_sequence] OpenRouter's native reason with one sequence asked",
      { nativeFinishReason: "stop_sequence", stopSequences: ["END"] },
      { ...endTurn, stopReason: "stop_sequence", stopSequence: "END" },
    ],
    [
      "[3.2:stop_sequence] OpenRouter's native reason with two",
      { nativeFinishReason: "stop_sequence", stopSequences: ["A", "B"] },
      endTurn,
    ],
    [
      "[3.2:stop_sequence] OpenRouter's native reason with none",
      { nativeFinishReason: "stop_sequence" },
      endTurn,
    ],

    ["[3.2:length] length", { finishReason: "length" }, { ...endTurn, stopReason: "max_tokens" }],
    ["[3.2:length] max_tokens", { finishReason: "max_tokens" }, { ...endTurn, stopReason: "max_tokens" }],
    ["[3.2:length] MAX_TOKENS", { finishReason: "MAX_TOKENS" }, { ...endTurn, stopReason: "max_tokens" }],
    [
      "[3.2:length] model_length (Mistral)",
      { finishReason: "model_length" },
      { ...endTurn, stopReason: "max_tokens" },
    ],
    [
      "[3.2:length] length in a full window",
      { ...full, finishReason: "length" },
      { ...endTurn, stopReason: "model_context_window_exceeded" },
    ],
    [
      "[3.2:length] length in a window with room",
      { ...full, finishReason: "length", contextWindow: 1001 },
      { ...endTurn, stopReason: "max_tokens" },
    ],
    [
      "[3.2:length] length with all output that was asked for",
      { ...full, finishReason: "length", maxTokens: 100 },
      { ...endTurn, stopReason: "max_tokens" },
    ],
    [
      "[3.2:length] length with no usage",
      { ...full, finishReason: "length", usage: null },
      { ...endTurn, stopReason: "max_tokens" },
    ],
    [
      "[3.2:window] model_context_window_exceeded (GLM)",
      { finishReason: "model_context_window_exceeded" },
      { ...endTurn, stopReason: "model_context_window_exceeded" },
    ],

    ["[3.2:refusal] content_filter", { finishReason: "content_filter" }, refusal(null)],
    ["[3.2:refusal] sensitive (GLM)", { finishReason: "sensitive" }, refusal(null)],
    ["[3.2:refusal] SAFETY", { finishReason: "SAFETY" }, refusal(null)],
    ["[3.2:refusal] RECITATION", { finishReason: "RECITATION" }, refusal(null)],
    ["[3.2:refusal] PROHIBITED_CONTENT", { finishReason: "PROHIBITED_CONTENT" }, refusal(null)],
    [
      "[3.2:refusal] content_filter with an empty refusal",
      { finishReason: "content_filter", refusalText: "" },
      refusal(null),
    ],
    ["[3.2:refusal E17] a refusal with stop", { refusalText: "I can't" }, refusal("I can't")],

    [
      "[3.2:resources] insufficient_system_resource after output (DeepSeek)",
      { finishReason: "insufficient_system_resource" },
      { ...endTurn, warning: "The upstream ran out of resources (insufficient_system_resource)" },
    ],
  ];
  test.each(cases)("%s", (_name, end, expected) => {
    expect<object>(mapEnd({ ...plainEnd, ...end })).toEqual(expected);
  });
});

describe("an end that is a failure", () => {
  const failureOf = (end: Partial<AnswerEnd>): UpstreamError => {
    try {
      mapEnd({ ...plainEnd, ...end });
    } catch (error) {
      if (error instanceof UpstreamError) return error;
    }
    throw new Error("expected a failure");
  };
  const cases: [string, Partial<AnswerEnd>, number, string][] = [
    [
      "[3.2:error 5.4:choice] error",
      { finishReason: "error" },
      502,
      "it ended the answer with finish_reason error",
    ],
    [
      "[3.2:error] error with a call",
      { ...called, finishReason: "error" },
      502,
      "it ended the answer with finish_reason error",
    ],
    [
      "[3.2:error 5.4:choice] network_error (GLM)",
      { finishReason: "network_error" },
      502,
      "it ended the answer with finish_reason network_error",
    ],
    [
      "[3.2:resources] insufficient_system_resource with no output (DeepSeek)",
      { finishReason: "insufficient_system_resource", producedAnything: false },
      529,
      "it ran out of resources (insufficient_system_resource)",
    ],
  ];
  test.each(cases)("%s", (_name, end, status, message) => {
    const failure = failureOf(end);
    expect({ kind: failure.kind, status: failure.status, message: failure.message }).toEqual({
      kind: "http",
      status,
      message,
    });
  });
});

test.each([
  ["length", "expected"],
  ["MAX_TOKENS", "expected"],
  ["model_length", "expected"],
  ["model_context_window_exceeded", "expected"],
  ["content_filter", "expected"],
  ["stop", "unexpected"],
  ["tool_calls", "unexpected"],
  [null, "possible"],
] as const)("[3.5:cut-by-length] %p makes a cut tool call %p", (reason, expected) => {
  expect(mapCallCut(stateEnd({ ...plainEnd, finishReason: reason }))).toBe(expected);
});
