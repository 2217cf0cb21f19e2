import type { StopDetails, StopReason } from "../../anthropic/message.ts";
import { cutsCalls } from "./calls/call-cut.ts";
import type { StatedEnd } from "./stated-end.ts";

/** The facts about the end of an answer. */
export interface StopFacts {
  /** The end as given by the upstream; null if it gave none. */
  stated: StatedEnd | null;
  /** The answer has a tool use block. */
  producedToolUse: boolean;
  /** The answer has any content: text, thinking or a tool use. */
  producedAnything: boolean;
  /** The text of a refusal; null or `""` if there was none. */
  refusalText: string | null;
  /** The stop sequence that our own watch hit (rule 1.5). */
  watchedStopSequence: string | null;
  usage: { promptTokens: number; completionTokens: number } | null;
  /** Tokens: the limit sent to the upstream, and the model's window; null if unknown. */
  maxTokens: number | null;
  contextWindow: number | null;
}

/** The end of an answer in the client's terms. */
export interface MappedStop {
  stopReason: StopReason;
  stopSequence: string | null;
  stopDetails: StopDetails | null;
  /** A warning for the log. */
  warning: string | null;
}

const windowReason = "model_context_window_exceeded";

/**
 * Maps the end of an answer (rule 3.2). The first rule that applies counts. Throws the UpstreamError if the end is a
 * failure.
 */
export function mapStop(facts: StopFacts): MappedStop {
  const { stated } = facts;
  const kind = stated?.kind ?? "done";
  const warning = stated?.warning ?? null;
  if (facts.producedToolUse && !cutsCalls(kind) && kind !== "failed") return stop("tool_use");
  if (kind === "calls") return stop("end_turn", { warning });
  const stopSequence = facts.watchedStopSequence ?? stated?.stopSequence ?? null;
  if (stopSequence !== null) return stop("stop_sequence", { stopSequence });
  if (kind === "length") return stop(fillsWindow(facts) ? windowReason : "max_tokens", { warning });
  if (kind === "window") return stop(windowReason, { warning });
  if (kind === "refusal" || (facts.refusalText ?? "") !== "") {
    const explanation = facts.refusalText === "" ? null : facts.refusalText;
    return stop("refusal", { stopDetails: { type: "refusal", category: null, explanation } });
  }
  if (stated?.kind === "failed") throw stated.failure;
  if (stated?.kind === "cut-short" && !facts.producedAnything) throw stated.failure;
  return stop("end_turn", { warning });
}

function fillsWindow({ usage, maxTokens, contextWindow }: StopFacts): boolean {
  if (usage === null || contextWindow === null || maxTokens === null) return false;
  const { promptTokens, completionTokens } = usage;
  return promptTokens + completionTokens >= contextWindow && completionTokens < maxTokens;
}

function stop(stopReason: StopReason, details: Partial<MappedStop> = {}): MappedStop {
  return { stopReason, stopSequence: null, stopDetails: null, warning: null, ...details };
}
