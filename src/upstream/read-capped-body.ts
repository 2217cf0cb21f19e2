import type { AnswerBody } from "./answer-body.ts";

export interface BodyCap {
  maxBytes: number;
  maxMs: number;
}

export interface CappedBody {
  /** What was read of it; `""` when nothing was. */
  text: string;
  /** The connection broke, or the body could not be decompressed: where the text ends is chance. */
  isBroken: boolean;
}

/**
 * Reads the body of an error, at most `maxBytes` of it and for at most `maxMs`, and gives up the rest. Never throws: the
 * status says more than the body, and a body that breaks off or cannot be decompressed must not hide it.
 */
export async function readCappedBody(
  body: AnswerBody,
  cap: BodyCap,
  firstPieces: readonly Uint8Array[] = [],
): Promise<CappedBody> {
  const utf8 = new TextDecoder();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    body.cancel();
  }, cap.maxMs);
  const waiting = [...firstPieces];
  let text = "";
  let isBroken = false;
  let restBytes = cap.maxBytes;
  try {
    // guard: cut of an error's body; without it: true
    while (restBytes > 0) {
      const piece = waiting.shift() ?? (await body.read());
      if (piece === null) break;
      text += utf8.decode(piece.subarray(0, restBytes), { stream: true });
      restBytes -= piece.byteLength;
    }
  } catch {
    // What was read before may still be whole. Of a body that hangs it is all there will ever be.
    isBroken = !isLate;
  } finally {
    clearTimeout(timer);
    body.cancel();
  }
  return { text, isBroken };
}
