import { explainDepth } from "../../../json/find-excess.ts";
import { parseExactJson } from "../../../json/long-numbers.ts";
import { otherWire } from "../../../translate/answer/answer-failures.ts";
import type { Redactor } from "../../../upstream/answer-decoder.ts";
import { malformedAnswer } from "../../../upstream/malformed-answer.ts";
import { plainWords } from "../../../upstream/plain-words.ts";
import { type ChatChunk, isChatChunk } from "../chat-response.ts";
import { isResponsesAnswer } from "./is-responses-answer.ts";
import { hasChoice } from "./no-answer.ts";
import { openEnvelope } from "./open-envelope.ts";
import { upstreamErrorOfChunk } from "./upstream-error-of-chunk.ts";

/**
 * Parses the completion of a whole body. Throws UpstreamError: `http` for an error in a success (rule 5.4), `malformed`
 * for a body that is no JSON object.
 */
export function parseCompletion(text: string, redact: Redactor): ChatChunk {
  const completion = parseObject(text, redact);
  if (hasChoice(completion) && upstreamErrorOfChunk(completion) === null) return completion;
  if (isResponsesAnswer(completion)) throw otherWire("a response of the Responses API", "responses");
  const redacted = parseObject(redact(text), redact);
  const { choices } = redacted;
  const error = upstreamErrorOfChunk(redacted);
  // The translator handles an error beside choices: it first delivers the answer as far as it goes.
  if (error !== null && !(Array.isArray(choices) && choices.length > 0)) throw error;
  return redacted;
}

function parseObject(text: string, redact: Redactor): ChatChunk {
  // Some servers send the arguments of a call as an object: its numbers are the model's.
  const value = parseExactJson(text);
  if (value === undefined)
    throw malformedAnswer(
      `The upstream's answer ${explainDepth(text, "is not JSON")}: ${plainWords(redact(text), 200)}`,
    );
  // Gemini wraps an error object in an array.
  const completion = openEnvelope(Array.isArray(value) ? value[0] : value);
  if (isChatChunk(completion)) return completion;
  throw malformedAnswer("The upstream's answer is not a JSON object");
}
