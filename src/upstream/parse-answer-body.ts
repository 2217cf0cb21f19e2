import { explainDepth } from "../json/find-excess.ts";
import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import { parseExactJson } from "../json/long-numbers.ts";
import type { Redactor } from "./answer-decoder.ts";
import { malformedAnswer } from "./malformed-answer.ts";
import { plainWords } from "./plain-words.ts";

/** Parses the body of a whole answer. Throws UpstreamError `malformed` for one that is no JSON object. */
export function parseAnswerBody(text: string, redact: Redactor): JsonObject {
  // Some servers send the arguments of a call as an object: its numbers are the model's.
  const value = parseExactJson(text);
  if (value === undefined)
    throw malformedAnswer(
      `The upstream's answer ${explainDepth(text, "is not JSON")}: ${plainWords(redact(text), 200)}`,
    );
  // Gemini wraps an error object in an array, and so do some gateways.
  const body: unknown = Array.isArray(value) ? value[0] : value;
  if (isJsonObject(body)) return body;
  throw malformedAnswer("The upstream's answer is not a JSON object");
}
