import type { EventReader } from "../relayed-answer.ts";

/** What one read of an answer gives. */
export type Piece = Awaited<ReturnType<EventReader["read"]>>;

/**
 * Whether the first piece of an answer is a whole message with nothing in it and no reason for that: what a reader
 * gives when a second try was empty, too (rule 4.8).
 */
export function isEmptyAnswer(piece: Piece): boolean {
  // One that is passed on is not looked into: whether it is empty says the reader, by a failure.
  if (piece === null || piece instanceof Uint8Array) return false;
  let isWhole = false;
  for (const event of piece) {
    if (event.type === "content_block_start") return false;
    if (event.type === "message_delta" && event.delta.stop_reason !== "end_turn") return false;
    if (event.type === "message_stop") isWhole = true;
  }
  return isWhole;
}
