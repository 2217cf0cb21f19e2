import { isJsonObject } from "../../../json/json-value.ts";
import { restoreLongNumbers } from "../../../json/long-numbers.ts";
import { parseJson } from "../../../json/parse-json.ts";
import { otherWire, saysError } from "../../../translate/answer/answer-failures.ts";
import type { AnswerDecoder, DecodedItem, Redactor } from "../../../upstream/answer-decoder.ts";
import { endMark, isWholeData, readFailure } from "../../../upstream/event-data.ts";
import { isHeartbeat } from "../../../upstream/is-heartbeat.ts";
import { malformedEvent } from "../../../upstream/malformed-answer.ts";
import { isResponseEvent, type ResponseEvent } from "../response-event.ts";
import { errorOfEvent } from "./error-of-event.ts";
import { hasArgumentsObject } from "./has-arguments-object.ts";
import { isTerminal } from "./is-terminal.ts";
import { hasUsage } from "./no-answer.ts";
import { parseResponse } from "./parse-response.ts";
import { isChatAnswer, isResponse, wholeAnswer } from "./whole-answer.ts";

/** Reads the answers of servers with a Responses API. */
export const responsesDecoder: AnswerDecoder<ResponseEvent> = {
  answerName: "answer of the Responses API",
  decodeEvent,
  isWhole: isWholeData,
  hasUsage,
  keepUsage: ({ response }) => ({
    type: "response.in_progress",
    response: isJsonObject(response) ? { usage: response["usage"], tool_usage: response["tool_usage"] } : {},
  }),
  parseWhole: parseResponse,
};

/** Decodes the data of one event (rule 24.1). Its kind is its `type`; the name of the event repeats it. */
function decodeEvent(
  event: string | undefined,
  data: string,
  redact: Redactor,
): DecodedItem<ResponseEvent> | null {
  if (data === endMark) return { kind: "done" };
  if (data === "" || data === "null") return null;
  const value = parseJson(data);
  if (event === "error" || reportsError(value)) {
    return { kind: "failure", error: errorOfEvent(readFailure(data, redact)) };
  }
  if (!isResponseEvent(value)) return decodeOther(value, data, redact);
  // True for nearly all events.
  if (typeof value.delta === "string") return { kind: "item", item: value };
  if (isResponse(value)) return last(wholeAnswer(value), data, redact);
  if (isChatAnswer(value)) return { kind: "failure", error: otherWire("a chat completion", "chat") };
  if (isTerminal(value)) return last(value, data, redact);
  return { kind: "item", item: exact(value, data) };
}

/** Data that is no JSON object: a sign of life, or a failure, because what it said is lost. */
function decodeOther(value: unknown, data: string, redact: Redactor): DecodedItem<ResponseEvent> | null {
  if (isHeartbeat(data)) return null;
  const [first]: unknown[] = Array.isArray(value) ? value : [];
  if (reportsError(first)) return decodeEvent("error", JSON.stringify(first), redact);
  return { kind: "failure", error: malformedEvent(data, redact) };
}

/** The event that ends the answer. Its texts are the client's, except where it reports a failure. */
function last(event: ResponseEvent, data: string, redact: Redactor): DecodedItem<ResponseEvent> {
  const { response } = event;
  const hasFailed =
    event.type === "response.failed" || (isJsonObject(response) && saysError(response["error"]));
  if (!hasFailed) return { kind: "item", item: exact(event, data), isLast: true };
  const redacted = parseJson(redact(data));
  const item = isResponse(redacted) ? wholeAnswer(redacted) : redacted;
  return { kind: "item", item: isResponseEvent(item) ? item : event, isLast: true };
}

/** The event with the long numbers of arguments that came as objects. */
function exact(event: ResponseEvent, data: string): ResponseEvent {
  if (!hasArgumentsObject(event)) return event;
  const restored = restoreLongNumbers(parseJson(data), data);
  if (isResponse(restored)) return wholeAnswer(restored);
  return isResponseEvent(restored) ? restored : event;
}

function reportsError(value: unknown): boolean {
  return isJsonObject(value) && (value["type"] === "error" || saysError(value["error"]));
}
