import { otherWire, saysError } from "../../../translate/answer/answer-failures.ts";
import type { Redactor } from "../../../upstream/answer-decoder.ts";
import { parseAnswerBody } from "../../../upstream/parse-answer-body.ts";
import type { ResponseEvent } from "../response-event.ts";
import { errorOfEvent } from "./error-of-event.ts";
import { isChatAnswer, isResponse, wholeAnswer } from "./whole-answer.ts";

/**
 * Parses the response of a whole body, as its terminal event. Throws UpstreamError: `http` for an error in a success,
 * `malformed` for a body that is no JSON object or a completion of Chat Completions.
 */
export function parseResponse(text: string, redact: Redactor): ResponseEvent {
  const body = parseAnswerBody(text, redact);
  if (isResponse(body)) {
    const hasFailed = body["status"] === "failed" || saysError(body["error"]);
    return wholeAnswer(hasFailed ? parseAnswerBody(redact(text), redact) : body);
  }
  if (isChatAnswer(body)) throw otherWire("a chat completion", "chat");
  const redacted = parseAnswerBody(redact(text), redact);
  if (saysError(redacted["error"]) || redacted["type"] === "error") throw errorOfEvent(redacted);
  return redacted;
}
