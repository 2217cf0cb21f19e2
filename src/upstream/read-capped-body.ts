import type { AnswerBody } from "./answer-body.ts";

export interface BodyCap {
  maxBytes: number;
  maxMs: number;
}

export interface CappedBody {
  /** The text that was read; `""` if there was none. */
  text: string;
  /** The connection broke, or the body could not be decompressed: the text ends at a random place. */
  isBroken: boolean;
}

/**
 * Reads the body of an error, at most `maxBytes` of it and for at most `maxMs`, and gives up the rest. Never throws:
 * the status is more important than the body, and a body that breaks off or cannot be decompressed must not hide it.
 */
export async function readCappedBody(
  body: AnswerBody,
  cap: BodyCap,
  firstPieces: readonly Uint8Array[] = [],
): Promise<CappedBody> {
  const { bytes, isBroken } = await readCappedBytes(body, cap, firstPieces);
  // As a part of a stream: half a character at the end is none.
  return { text: new TextDecoder().decode(bytes, { stream: true }), isBroken };
}

/** The same, as bytes. */
export async function readCappedBytes(
  body: AnswerBody,
  cap: BodyCap,
  firstPieces: readonly Uint8Array[] = [],
): Promise<Pick<CappedBody, "isBroken"> & { bytes: Uint8Array<ArrayBuffer> }> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    body.cancel();
  }, cap.maxMs);
  const waiting = [...firstPieces];
  const read: Uint8Array[] = [];
  let isBroken = false;
  let restBytes = cap.maxBytes;
  try {
    // guard: cut of an error's body; without it: true
    while (restBytes > 0) {
      const piece = waiting.shift() ?? (await body.read());
      if (piece === null) break;
      read.push(piece.subarray(0, restBytes));
      restBytes -= piece.byteLength;
    }
  } catch {
    // What was read so far may still be complete. If the body hangs, no more will ever come.
    isBroken = !isLate;
  } finally {
    clearTimeout(timer);
    body.cancel();
  }
  return { bytes: Buffer.concat(read), isBroken };
}
