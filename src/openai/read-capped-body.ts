import type { AnswerBody } from "./answer-body.ts";

export interface BodyCap {
  maxBytes: number;
  maxMs: number;
}

/**
 * Reads the body of an error, at most `maxBytes` of it and for at most `maxMs`, and gives up the rest. Returns
 * its text, `""` when nothing of it could be read. Never throws: the status says more than the body, and a
 * body that breaks off or cannot be decompressed must not hide it.
 */
export async function readCappedBody(
  body: AnswerBody,
  cap: BodyCap,
  firstPieces: readonly Uint8Array[] = [],
): Promise<string> {
  const utf8 = new TextDecoder();
  const timer = setTimeout(() => body.cancel(), cap.maxMs);
  const waiting = [...firstPieces];
  let text = "";
  let restBytes = cap.maxBytes;
  try {
    while (restBytes > 0) {
      const piece = waiting.shift() ?? (await body.read());
      if (piece === null) break;
      text += utf8.decode(piece.subarray(0, restBytes), { stream: true });
      restBytes -= piece.byteLength;
    }
  } catch {
    // What was read before it broke is still the best text there is.
  } finally {
    clearTimeout(timer);
    body.cancel();
  }
  return text;
}
