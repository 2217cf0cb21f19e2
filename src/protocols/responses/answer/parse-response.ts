import { explainDepth } from "../../../json/find-excess.ts";
import { parseExactJson } from "../../../json/long-numbers.ts";
import { otherWire, saysError } from "../../../translate/answer/answer-failures.ts";
import type { Redactor } from "../../../upstream/answer-decoder.ts";
import { malformedAnswer } from "../../../upstream/malformed-answer.ts";
import { plainWords } from "../../../upstream/plain-words.ts";
import { isResponseEvent, type ResponseEvent } from "../response-event.ts";
import { errorOfEvent } from "./error-of-event.ts";
import { isChatAnswer, isResponse, wholeAnswer } from "./whole-answer.ts";

/**
 * Parses the response of a whole body, as its terminal event. Throws UpstreamError: `http` for an error in a success,
 * `malformed` for a body that is no JSON object or a completion of Chat Completions.
 */
export function parseResponse(text: string, redact: Redactor): ResponseEvent {
  const body = parseObject(text, redact);
  if (isResponse(body)) {
    const hasFailed = body["status"] === "failed" || saysError(body["error"]);
    return wholeAnswer(hasFailed ? { ...parseObject(redact(text), redact) } : body);
  }
  if (isChatAnswer(body)) throw otherWire("a chat completion", "chat");
  const redacted = parseObject(redact(text), redact);
  if (saysError(redacted.error) || redacted.type === "error") throw errorOfEvent({ ...redacted });
  return redacted;
}

function parseObject(text: string, redact: Redactor): ResponseEvent {
  const value = parseExactJson(text);
  if (value === undefined)
    throw malformedAnswer(
      `The upstream's answer ${explainDepth(text, "is not JSON")}: ${plainWords(redact(text), 200)}`,
    );
  // Some gateways wrap an error object in an array.
  const body: unknown = Array.isArray(value) ? value[0] : value;
  if (isResponseEvent(body)) return body;
  throw malformedAnswer("The upstream's answer is not a JSON object");
}
