import { nonEmptyString } from "../../../json/json-value.ts";
import { endedWith } from "../../../translate/answer/answer-failures.ts";
import type { StatedEnd } from "../../../translate/answer/stated-end.ts";
import { UpstreamError } from "../../../upstream/upstream-error.ts";
import type { ChatChoice } from "../chat-response.ts";

/** Names are compared in lower case: Gemini's are in capitals. */
const kinds = new Map<string, "done" | "calls" | "length" | "window" | "refusal" | "failed">([
  ["stop", "done"],
  ["eos", "done"],
  ["end_turn", "done"],
  ["tool_calls", "calls"],
  ["function_call", "calls"],
  ["length", "length"],
  ["max_tokens", "length"],
  ["model_length", "length"],
  ["model_context_window_exceeded", "window"],
  ["content_filter", "refusal"],
  ["sensitive", "refusal"],
  ["safety", "refusal"],
  ["recitation", "refusal"],
  ["prohibited_content", "refusal"],
  ["error", "failed"],
  ["network_error", "failed"],
]);

type StopMembers = Pick<
  ChatChoice,
  "finish_reason" | "native_finish_reason" | "stop_reason" | "matched_stop"
>;

/** Maps the finish reason of a choice (rule 3.2); null if it has none. `stopSequences`: all of the client's. */
export function mapFinishReason(choice: StopMembers, stopSequences: readonly string[]): StatedEnd | null {
  const reason = nonEmptyString(choice.finish_reason)?.toLowerCase();
  if (reason === undefined) return null;
  const stopSequence = findStopSequence(choice, stopSequences);
  if (reason === "insufficient_system_resource") return lackOfResources(stopSequence);
  const kind = kinds.get(reason);
  switch (kind) {
    case undefined:
      return { kind: "done", stopSequence, warning: `unknown finish_reason ${reason}` };
    case "calls":
      return { kind, stopSequence, warning: `finish_reason ${reason} without a tool call` };
    case "failed":
      return { kind, stopSequence, warning: null, failure: endedWith(`finish_reason ${reason}`) };
    default:
      return { kind, stopSequence, warning: null };
  }
}

/**
 * vLLM and SGLang name the string that was hit, or a token's number; OpenRouter only reports that one was hit. SGLang's
 * chat templates have stop strings of their own, which are not the client's.
 */
function findStopSequence(choice: StopMembers, stopSequences: readonly string[]): string | null {
  const [only, ...others] = stopSequences;
  const named = stopSequences.find(
    (sequence) => sequence === choice.stop_reason || sequence === choice.matched_stop,
  );
  if (named !== undefined) return named;
  return choice.native_finish_reason === "stop_sequence" && others.length === 0 ? (only ?? null) : null;
}

/** DeepSeek's reason if it runs out of machines in the middle of an answer. */
function lackOfResources(stopSequence: string | null): StatedEnd {
  const what = "ran out of resources (insufficient_system_resource)";
  const failure = new UpstreamError("http", `it ${what}`, { status: 529, body: `it ${what}` });
  return { kind: "cut-short", stopSequence, warning: `The upstream ${what}`, failure };
}
