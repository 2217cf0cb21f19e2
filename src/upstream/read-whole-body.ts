import type { AnswerBody } from "./answer-body.ts";
import { malformedAnswer } from "./malformed-answer.ts";

/**
 * Reads a body to its end and returns its text; `firstPieces` were already read. Throws UpstreamError `malformed` if it
 * is longer than `maxBytes`, and passes on the errors of reading.
 */
export async function readWholeBody(
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
      throw malformedAnswer(`The upstream's answer is longer than ${maxBytes} bytes`);
    }
    texts.push(utf8.decode(piece, { stream: true }));
  }
  texts.push(utf8.decode());
  return texts.join("");
}
