import { explainDepth } from "../json/exceeds-depth.ts";
import { parseExactJson } from "../json/long-numbers.ts";
import { hasChoice } from "../protocols/chat/answer/no-answer.ts";
import { openEnvelope } from "../protocols/chat/answer/open-envelope.ts";
import { upstreamErrorOfChunk } from "../protocols/chat/answer/upstream-error-of-chunk.ts";
import { type ChatChunk, isChatChunk } from "../protocols/chat/chat-response.ts";
import type { AnswerBody } from "./answer-body.ts";
import { plainWords } from "./plain-words.ts";
import { UpstreamError } from "./upstream-error.ts";

export interface WholeAnswerOptions {
  /** A longer answer is a failure. */
  maxBytes: number;
  /** Takes our key out of answers that tell of an error. */
  redact: (text: string) => string;
}

/**
 * Reads a whole answer and returns its completion. Throws UpstreamError: `http` for an error in a success (rule
 * 5.4), `malformed` for what is no JSON object or longer than `maxBytes`, and what reading throws.
 */
export async function readCompletion(
  body: AnswerBody,
  firstPieces: readonly Uint8Array[],
  { maxBytes, redact }: WholeAnswerOptions,
): Promise<ChatChunk> {
  return parseCompletion(await readText(body, firstPieces, maxBytes), redact);
}

/** The completion of a whole body. Throws as `readCompletion` does. */
export function parseCompletion(text: string, redact: (text: string) => string): ChatChunk {
  const completion = parseObject(text, redact);
  if (hasChoice(completion) && upstreamErrorOfChunk(completion) === null) return completion;
  const redacted = parseObject(redact(text), redact);
  const { choices } = redacted;
  const error = upstreamErrorOfChunk(redacted);
  // An error beside choices is the translator's: what there is of an answer comes first.
  if (error !== null && !(Array.isArray(choices) && choices.length > 0)) throw error;
  return redacted;
}

async function readText(
  body: AnswerBody,
  firstPieces: readonly Uint8Array[],
  maxBytes: number,
): Promise<string> {
  const utf8 = new TextDecoder();
  const waiting = [...firstPieces];
  const texts: string[] = [];
  let restBytes = maxBytes;
  while (true) {
    const piece = waiting.shift() ?? (await body.read());
    if (piece === null) break;
    restBytes -= piece.byteLength;
    if (restBytes < 0) {
      body.cancel();
      throw malformed(`The upstream's answer is longer than ${maxBytes} bytes`);
    }
    texts.push(utf8.decode(piece, { stream: true }));
  }
  texts.push(utf8.decode());
  return texts.join("");
}

function parseObject(text: string, redact: (text: string) => string): ChatChunk {
  // Some servers send the arguments of a call as an object: its numbers are the model's.
  const value = parseExactJson(text);
  if (value === undefined)
    throw malformed(
      `The upstream's answer ${explainDepth(text, "is not JSON")}: ${plainWords(redact(text), 200)}`,
    );
  // Gemini wraps an error object in an array.
  const completion = openEnvelope(Array.isArray(value) ? value[0] : value);
  if (isChatChunk(completion)) return completion;
  throw malformed("The upstream's answer is not a JSON object");
}

function malformed(message: string): UpstreamError {
  return new UpstreamError("malformed", message, { phase: "body" });
}
