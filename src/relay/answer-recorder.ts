import { createMessageAccumulator } from "../anthropic/accumulate-message.ts";
import type { Message } from "../anthropic/message.ts";
import type { StreamEvent } from "../anthropic/stream-event.ts";

/** Keeps both sides of an answer for the debug log. */
export interface AnswerRecorder {
  /** The pieces as they came from the upstream. */
  readonly pieces: readonly unknown[];
  addPiece(piece: unknown): void;
  addEvents(events: readonly StreamEvent[]): void;
  /** The message as sent to the client, folded; null before its head. */
  message(): Message | null;
}

/** Creates the recorder of one answer. */
export function createAnswerRecorder(): AnswerRecorder {
  const pieces: unknown[] = [];
  const accumulator = createMessageAccumulator();
  return {
    pieces,
    addPiece: (piece) => {
      pieces.push(piece);
    },
    addEvents: accumulator.add,
    message: () => accumulator.message,
  };
}
