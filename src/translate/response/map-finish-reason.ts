import type { StopDetails, StopReason } from "../../anthropic/message.ts";
import type { ChatChoice } from "../../openai/chat-response.ts";
import { UpstreamError } from "../../openai/upstream-error.ts";

/** How an answer ended, as far as the upstream and we know. */
export interface AnswerEnd {
  /** `finish_reason` of the first choice; null when there was none. */
  finishReason: string | null;
  /** The choice it came with: some servers name the stop sequence there. */
  choice: ChatChoice;
  /** The answer has a tool use block. */
  producedToolUse: boolean;
  /** The answer has anything at all: text, thinking or a tool use. */
  producedAnything: boolean;
  /** The text of `refusal`; null or `""` when there was none. */
  refusalText: string | null;
  /** The stop sequence that our own watch hit (rule 1.5). */
  stopSequenceHit: string | null;
  /** All stop sequences the client asked for. */
  stopSequences: readonly string[];
  usage: { promptTokens: number; completionTokens: number } | null;
  /** Tokens: the output that was asked for, and the model's window, when that is known. */
  limits?: { maxTokens: number; contextWindow: number };
}

export type MappedStop =
  | {
      stopReason: StopReason;
      stopSequence: string | null;
      stopDetails: StopDetails | null;
      /** The upstream stopped at a limit, so that the last tool call may be cut (rule 3.5). */
      isCutByLimit: boolean;
      /** What is worth a line in the log. */
      warning: string | null;
    }
  | { failure: UpstreamError };

/** Names are compared in lower case: Gemini's come in capitals. */
const lengthReasons = ["length", "max_tokens", "model_length"];
const contextWindowReason = "model_context_window_exceeded";
const refusalReasons = ["content_filter", "sensitive", "safety", "recitation", "prohibited_content"];
const errorReasons = ["error", "network_error"];
const plainReasons = ["stop", "eos", "end_turn", ""];

/** Maps the end of an answer (rule 3.2). The first rule that fits counts. */
export function mapFinishReason(end: AnswerEnd): MappedStop {
  const reason = end.finishReason?.toLowerCase() ?? "";
  if (end.producedToolUse && !cutsToolUse(reason)) return stop("tool_use");
  if (reason === "tool_calls" || reason === "function_call") {
    return stop("end_turn", { warning: `finish_reason ${reason} without a tool call` });
  }
  const stopSequence = end.stopSequenceHit ?? upstreamStopSequence(end);
  if (stopSequence !== null) return stop("stop_sequence", { stopSequence });
  if (lengthReasons.includes(reason)) {
    return stop(filledContextWindow(end) ? contextWindowReason : "max_tokens", { isCutByLimit: true });
  }
  if (reason === contextWindowReason) return stop(contextWindowReason, { isCutByLimit: true });
  const explanation = end.refusalText === "" ? null : end.refusalText;
  if (refusalReasons.includes(reason) || explanation !== null) {
    return stop("refusal", { stopDetails: { type: "refusal", category: null, explanation } });
  }
  if (errorReasons.includes(reason)) return { failure: endedWithError(reason) };
  if (reason === "insufficient_system_resource") return lackOfResources(end);
  return stop(
    "end_turn",
    plainReasons.includes(reason) ? {} : { warning: `unknown finish_reason ${reason}` },
  );
}

/** With these a call may be cut, unwanted or broken, whatever it looks like. */
function cutsToolUse(reason: string): boolean {
  return [...lengthReasons, contextWindowReason, ...refusalReasons, ...errorReasons].includes(reason);
}

/** vLLM and SGLang name the string that was hit, or a token's number; OpenRouter only says that one was. */
function upstreamStopSequence({ choice, stopSequences }: AnswerEnd): string | null {
  if (typeof choice.stop_reason === "string") return choice.stop_reason;
  if (typeof choice.matched_stop === "string") return choice.matched_stop;
  const [only, ...others] = stopSequences;
  return choice.native_finish_reason === "stop_sequence" && others.length === 0 ? (only ?? null) : null;
}

function filledContextWindow({ usage, limits }: AnswerEnd): boolean {
  if (usage === null || limits === undefined) return false;
  const { promptTokens, completionTokens } = usage;
  return promptTokens + completionTokens >= limits.contextWindow && completionTokens < limits.maxTokens;
}

function endedWithError(reason: string): UpstreamError {
  const message = `The upstream ended the answer with finish_reason ${reason}`;
  return new UpstreamError("http", message, { status: 502, body: message });
}

/** DeepSeek, when it runs out of machines in the middle of an answer. */
function lackOfResources(end: AnswerEnd): MappedStop {
  const message = "The upstream ran out of resources (insufficient_system_resource)";
  if (end.producedAnything) return stop("end_turn", { warning: message });
  return { failure: new UpstreamError("http", message, { status: 529, body: message }) };
}

function stop(
  stopReason: StopReason,
  details: Partial<Exclude<MappedStop, { failure: UpstreamError }>> = {},
): MappedStop {
  return {
    stopReason,
    stopSequence: null,
    stopDetails: null,
    isCutByLimit: false,
    warning: null,
    ...details,
  };
}
