import { isJsonObject } from "../../../json/json-value.ts";
import { createWatch } from "../../../translate/answer/answer-watch.ts";
import type { AnswerWatch } from "../../protocol.ts";
import type { ChatChunk } from "../chat-response.ts";

/** Whether a chunk or a completion contains a choice, whatever is in it. */
export function hasChoice({ choices }: ChatChunk): boolean {
  return Array.isArray(choices) && (isJsonObject(choices[0]) || choices.some(isJsonObject));
}

/**
 * Creates the watch of one answer (rule 4.8). An answer without any choice is none. Usage alone is an empty answer, and
 * an empty list of choices may be the beginning of one.
 */
export function createAnswerWatch(): AnswerWatch<ChatChunk> {
  return createWatch({
    isAnswer: hasChoice,
    hasUsage,
    mayBegin: ({ choices }) => Array.isArray(choices),
    lacks: "choices",
  });
}

/** Whether a chunk or a completion reports usage besides its choices. */
export function hasUsage({ usage, x_groq }: ChatChunk): boolean {
  return isJsonObject(usage) || (isJsonObject(x_groq) && isJsonObject(x_groq["usage"]));
}
