import type { StopDetails, StopReason } from "../../anthropic/message.ts";
import { UpstreamError } from "../../upstream/upstream-error.ts";

/** How an answer ended, as far as the upstream and we know. */
export interface AnswerEnd {
  /** `choices[0].finish_reason`; null when there was none. */
  finishReason: string | null;
  /** `choices[0].native_finish_reason` (OpenRouter), `stop_reason` (vLLM), `matched_stop` (SGLang): unchecked. */
  nativeFinishReason: unknown;
  stopReason: unknown;
  matchedStop: unknown;
  /** The answer has a tool use block. */
  producedToolUse: boolean;
  /** The answer has anything at all: text, thinking or a tool use. */
  producedAnything: boolean;
  /** The text of `refusal`; null or `""` when there was none. */
  refusalText: string | null;
  /** The stop sequence that our own watch hit (rule 1.5). */
  watchedStopSequence: string | null;
  /** All stop sequences the client asked for. */
  stopSequences: readonly string[];
  usage: { promptTokens: number; completionTokens: number } | null;
  /** Tokens: the limit the upstream was given, and the model's window; null when not known. */
  maxTokens: number | null;
  contextWindow: number | null;
}

export type MappedStop =
  | {
      stopReason: StopReason;
      stopSequence: string | null;
      stopDetails: StopDetails | null;
      /** What is worth a line in the log. */
      warning: string | null;
    }
  | { failure: UpstreamError };

/** What the end of an answer says of a tool call that is not whole. */
export type CallCut =
  /** Nothing: it ought to be whole. */
  | "unexpected"
  /** There is no finish reason, so the upstream may have broken off. */
  | "possible"
  /** The output limit, the window or a filter ended the answer: the last call may be cut. */
  | "expected";

/** Names are compared in lower case: Gemini's come in capitals. */
const lengthReasons = ["length", "max_tokens", "model_length"];
const contextWindowReason = "model_context_window_exceeded";
const refusalReasons = ["content_filter", "sensitive", "safety", "recitation", "prohibited_content"];
const errorReasons = ["error", "network_error"];
const plainReasons = ["stop", "eos", "end_turn", ""];

/** Maps the end of an answer (rule 3.2). The first rule that fits counts. */
export function mapFinishReason(end: AnswerEnd): MappedStop {
  const reason = end.finishReason?.toLowerCase() ?? null;
  if (end.producedToolUse && !cutsToolUse(reason) && !isErrorReason(reason)) return stop("tool_use");
  if (reason === "tool_calls" || reason === "function_call") {
    return stop("end_turn", { warning: `finish_reason ${reason} without a tool call` });
  }
  const stopSequence = end.watchedStopSequence ?? upstreamStopSequence(end);
  if (stopSequence !== null) return stop("stop_sequence", { stopSequence });
  if (reason !== null && lengthReasons.includes(reason)) {
    return stop(filledContextWindow(end) ? contextWindowReason : "max_tokens");
  }
  if (reason === contextWindowReason) return stop(contextWindowReason);
  if (isRefusal(reason) || (end.refusalText ?? "") !== "") {
    const explanation = end.refusalText === "" ? null : end.refusalText;
    return stop("refusal", { stopDetails: { type: "refusal", category: null, explanation } });
  }
  if (reason !== null && errorReasons.includes(reason)) return { failure: endedWithError(reason) };
  if (reason === "insufficient_system_resource") return lackOfResources(end);
  const isPlain = reason === null || plainReasons.includes(reason);
  return stop("end_turn", isPlain ? {} : { warning: `unknown finish_reason ${reason}` });
}

/** Whether a finish reason lets expect that the last tool call was cut (rules 3.5, 4.7). */
export function mapCallCut(finishReason: string | null): CallCut {
  if (finishReason === null) return "possible";
  return cutsToolUse(finishReason.toLowerCase()) ? "expected" : "unexpected";
}

function cutsToolUse(reason: string | null): boolean {
  if (reason === null) return false;
  return lengthReasons.includes(reason) || reason === contextWindowReason || isRefusal(reason);
}

function isErrorReason(reason: string | null): boolean {
  return reason !== null && errorReasons.includes(reason);
}

function isRefusal(reason: string | null): boolean {
  return reason !== null && refusalReasons.includes(reason);
}

/**
 * vLLM and SGLang name the string that was hit, or a token's number; OpenRouter only says that one was. SGLang's
 * chat templates have stop strings of their own, which the client did not ask for.
 */
function upstreamStopSequence(end: AnswerEnd): string | null {
  const [only, ...others] = end.stopSequences;
  const named = end.stopSequences.find(
    (sequence) => sequence === end.stopReason || sequence === end.matchedStop,
  );
  if (named !== undefined) return named;
  return end.nativeFinishReason === "stop_sequence" && others.length === 0 ? (only ?? null) : null;
}

function filledContextWindow({ usage, maxTokens, contextWindow }: AnswerEnd): boolean {
  if (usage === null || contextWindow === null || maxTokens === null) return false;
  const { promptTokens, completionTokens } = usage;
  return promptTokens + completionTokens >= contextWindow && completionTokens < maxTokens;
}

function endedWithError(reason: string): UpstreamError {
  const message = `it ended the answer with finish_reason ${reason}`;
  return new UpstreamError("http", message, { status: 502, body: message });
}

/** DeepSeek, when it runs out of machines in the middle of an answer. */
function lackOfResources(end: AnswerEnd): MappedStop {
  const what = "ran out of resources (insufficient_system_resource)";
  if (end.producedAnything) return stop("end_turn", { warning: `The upstream ${what}` });
  const message = `it ${what}`;
  return { failure: new UpstreamError("http", message, { status: 529, body: message }) };
}

function stop(
  stopReason: StopReason,
  details: { stopSequence?: string; stopDetails?: StopDetails; warning?: string } = {},
): MappedStop {
  const { stopSequence = null, stopDetails = null, warning = null } = details;
  return { stopReason, stopSequence, stopDetails, warning };
}
