import { isJsonObject } from "../../../json/json-value.ts";
import { plainWords } from "../../../upstream/plain-words.ts";
import { type SetUpFault, UpstreamError } from "../../../upstream/upstream-error.ts";
import type { AnswerWatch } from "../../protocol.ts";
import type { ChatChunk } from "../chat-response.ts";

/** Most characters that are quoted from a body that is no answer and has no error message. */
const excerptLength = 200;

/** Whether a chunk or a completion contains a choice, whatever is in it. */
export function hasChoice({ choices }: ChatChunk): boolean {
  return Array.isArray(choices) && (isJsonObject(choices[0]) || choices.some(isJsonObject));
}

/**
 * Creates the watch of one answer (rule 4.8). An answer without any choice is none, and neither is one that reports a
 * failure in place of a choice. Usage alone is an empty answer. The watch decides when the answer ends: in the middle
 * of an answer, such chunks may be anything, for example signs of life.
 */
export function createAnswerWatch(): AnswerWatch<ChatChunk> {
  let hasSeenChoice = false;
  let hasSeenUsage = false;
  let refusal: ChatChunk | null = null;
  let first: ChatChunk | null = null;
  return {
    see(chunk) {
      if (hasChoice(chunk)) hasSeenChoice = true;
      else if (saysFailure(chunk) && !(hasSeenChoice && hasUsage(chunk))) refusal = chunk;
      else if (hasUsage(chunk)) hasSeenUsage = true;
      else first ??= chunk;
    },
    failure(isDone) {
      if (refusal !== null) return noAnswer(JSON.stringify(refusal), refusal);
      if (hasSeenChoice || hasSeenUsage) return null;
      // An answer that has begun was cut, and so may be one that has not begun.
      if (!isDone && (first === null || Array.isArray(first.choices))) return null;
      return noAnswer(first === null ? "" : JSON.stringify(first), first ?? {}, "doubtful");
    },
  };
}

/** Whether a chunk or a completion reports usage besides its choices. */
export function hasUsage({ usage, x_groq }: ChatChunk): boolean {
  return isJsonObject(usage) || (isJsonObject(x_groq) && isJsonObject(x_groq["usage"]));
}

/** Checks members that have other meanings if there are choices. */
function saysFailure({ code, msg, message, detail }: ChatChunk): boolean {
  return [code, msg, message, detail].some(Boolean);
}

/** Its status is 200: the real status is in its body, as for any error in a success (rule 5.4). */
function noAnswer(text: string, body: ChatChunk, setUp?: SetUpFault): UpstreamError {
  const what = text === "" ? "ended before it began" : `has no choices: ${plainWords(text, excerptLength)}`;
  return new UpstreamError("http", `The upstream's answer ${what}`, { status: 200, body, setUp });
}
