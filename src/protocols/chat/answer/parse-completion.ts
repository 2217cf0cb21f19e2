import { otherWire } from "../../../translate/answer/answer-failures.ts";
import type { Redactor } from "../../../upstream/answer-decoder.ts";
import { parseAnswerBody } from "../../../upstream/parse-answer-body.ts";
import type { ChatChunk } from "../chat-response.ts";
import { isResponsesAnswer } from "./is-responses-answer.ts";
import { hasChoice } from "./no-answer.ts";
import { openEnvelope } from "./open-envelope.ts";
import { upstreamErrorOfChunk } from "./upstream-error-of-chunk.ts";

/**
 * Parses the completion of a whole body. Throws UpstreamError: `http` for an error in a success (rule 5.4), `malformed`
 * for a body that is no JSON object.
 */
export function parseCompletion(text: string, redact: Redactor): ChatChunk {
  const completion: ChatChunk = openEnvelope(parseAnswerBody(text, redact));
  if (hasChoice(completion) && upstreamErrorOfChunk(completion) === null) return completion;
  if (isResponsesAnswer(completion)) throw otherWire("a response of the Responses API", "responses");
  const redacted: ChatChunk = openEnvelope(parseAnswerBody(redact(text), redact));
  const { choices } = redacted;
  const error = upstreamErrorOfChunk(redacted);
  // The translator handles an error beside choices: it first delivers the answer as far as it goes.
  if (error !== null && !(Array.isArray(choices) && choices.length > 0)) throw error;
  return redacted;
}
