import type { AnswerBody } from "./answer-body.ts";
import { type ChatChunk, isChatChunk } from "./chat-response.ts";
import { plainWords } from "./plain-words.ts";
import { UpstreamError } from "./upstream-error.ts";
import { upstreamErrorOfChunk } from "./upstream-error-of-chunk.ts";

/**
 * Reads a whole answer and returns its completion. Throws UpstreamError: `http` for an error in a success (rule
 * 5.4), `malformed` for what is no JSON object or longer than `maxBytes`, and what reading throws.
 */
export async function readCompletion(
  body: AnswerBody,
  firstPieces: readonly Uint8Array[],
  maxBytes: number,
): Promise<ChatChunk> {
  const value = parseJson(await readText(body, firstPieces, maxBytes));
  // Gemini wraps an error object in an array.
  const completion: unknown = Array.isArray(value) ? value[0] : value;
  if (!isChatChunk(completion)) throw malformed("The upstream's answer is not a JSON object");
  const { choices } = completion;
  const hasChoices = Array.isArray(choices) && choices.length > 0;
  const error = hasChoices ? null : upstreamErrorOfChunk(completion);
  if (error !== null) throw error;
  return completion;
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(`The upstream's answer is not JSON: ${plainWords(text, 200)}`, cause);
  }
}

function malformed(message: string, cause?: unknown): UpstreamError {
  return new UpstreamError("malformed", message, { phase: "body", cause });
}
