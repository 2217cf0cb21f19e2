import { isJsonObject } from "../../../json/json-value.ts";
import { restoreLongNumbers } from "../../../json/long-numbers.ts";
import { parseJson } from "../../../json/parse-json.ts";
import { errorInside, otherWire } from "../../../translate/answer/answer-failures.ts";
import type { AnswerDecoder, DecodedItem, Redactor } from "../../../upstream/answer-decoder.ts";
import { endMark, isWholeData, readFailure } from "../../../upstream/event-data.ts";
import { isHeartbeat } from "../../../upstream/is-heartbeat.ts";
import { malformedEvent } from "../../../upstream/malformed-answer.ts";
import { type ChatChunk, isChatChunk } from "../chat-response.ts";
import { hasCallObject } from "./has-call-object.ts";
import { isResponsesAnswer } from "./is-responses-answer.ts";
import { hasChoice, hasUsage } from "./no-answer.ts";
import { openEnvelope } from "./open-envelope.ts";
import { parseCompletion } from "./parse-completion.ts";
import { upstreamErrorOfChunk } from "./upstream-error-of-chunk.ts";

/** Reads the answers of Chat Completions servers. */
export const chatDecoder: AnswerDecoder<ChatChunk> = {
  answerName: "chat completion",
  decodeEvent,
  isWhole: isWholeData,
  hasUsage,
  keepUsage: ({ usage, x_groq }) => ({ choices: [], usage, x_groq }),
  parseWhole: parseCompletion,
};

/**
 * Decodes the data of one event (rule 4.2). Does not check the `error` member of a chunk: text in the same chunk has to
 * be delivered first.
 */
function decodeEvent(
  event: string | undefined,
  data: string,
  redact: Redactor,
): DecodedItem<ChatChunk> | null {
  if (data === endMark) return { kind: "done" };
  if (data === "" || data === "null") return null;
  const value = parseJson(data);
  if (event !== "error" && isPlainChunk(value)) return { kind: "item", item: value };
  // LM Studio announces a failure by `event: error`, with `{error, message}`.
  if (event === "error") {
    return { kind: "failure", error: errorInside(readFailure(data, redact)) };
  }
  const chunk = chunkOf(value, data);
  if (!isChatChunk(chunk)) {
    if (isHeartbeat(data)) return null;
    return { kind: "failure", error: malformedEvent(data, redact) };
  }
  if (hasChoice(chunk) && upstreamErrorOfChunk(chunk) === null) return { kind: "item", item: chunk };
  if (isResponsesAnswer(chunk))
    return { kind: "failure", error: otherWire("a response of the Responses API", "responses") };
  const redacted = redact(data);
  return redacted === data ? { kind: "item", item: chunk } : decodeEvent(event, redacted, redact);
}

/** True for nearly all chunks: they have one choice, without a call, and no member that reports an error. */
function isPlainChunk(value: unknown): value is ChatChunk {
  if (!isJsonObject(value) || value["error"] != null) return false;
  const { choices } = value;
  if (!Array.isArray(choices) || choices.length !== 1) return false;
  const [choice]: unknown[] = choices;
  if (!isJsonObject(choice) || choice["error"] != null) return false;
  const { delta } = choice;
  return isJsonObject(delta) && delta["tool_calls"] == null && delta["function_call"] == null;
}

/** The chunk of an event. Call arguments that are no text keep their long numbers as written in `data`. */
function chunkOf(value: unknown, data: string): unknown {
  const chunk = openWrapping(value);
  return hasCallObject(chunk) ? openWrapping(restoreLongNumbers(value, data)) : chunk;
}

/** Unwraps the array around Gemini's error objects. */
function openWrapping(value: unknown): unknown {
  return openEnvelope(Array.isArray(value) ? value[0] : value);
}
