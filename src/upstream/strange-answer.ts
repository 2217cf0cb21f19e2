import { mediaType } from "./answer-kind.ts";
import type { AnswerOptions } from "./failed-answer.ts";
import type { FetchedAnswer } from "./fetch-answer.ts";
import { plainWords } from "./plain-words.ts";
import { readCappedBody } from "./read-capped-body.ts";
import { UpstreamError } from "./upstream-error.ts";

/**
 * Reads a success that is no answer of the wire, and returns it as the error to throw. Never throws itself.
 * @param firstPieces what was read of its body before
 * @param answerName what was expected, as a message calls it
 */
export async function strangeAnswer(
  { response, body }: Pick<FetchedAnswer, "response" | "body">,
  { limits, host, redact }: Pick<AnswerOptions, "limits" | "host" | "redact">,
  firstPieces: readonly Uint8Array[],
  answerName: string,
): Promise<UpstreamError> {
  const cap = { maxBytes: limits.errorBodyBytes, maxMs: limits.errorBodyMs };
  const { text } = await readCappedBody(body, cap, firstPieces);
  const words = plainWords(redact(text), 100);
  const { status, headers } = response;
  const type = mediaType(headers.get("content-type") ?? "") || "no content type";
  const what = words === "" ? `${status} with an empty body` : `${type} (${words})`;
  const told = `${host} answered ${what} and no ${answerName}. Check the setting BASE_URL`;
  return new UpstreamError("malformed", told, { phase: "body", status, host, setUp: "doubtful" });
}
