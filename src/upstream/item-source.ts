import type { AnswerBody } from "./answer-body.ts";
import type { AnswerDecoder, DecodedItem, Redactor } from "./answer-decoder.ts";
import { createSseDecoder } from "./decode-sse.ts";

/** A streamed answer. */
export interface ItemSource<Item> {
  /**
   * All items of one upstream read, at least one: reads that held comments only are read over. Null at the end
   * of the body and after a `done` or a `failure`. Throws UpstreamError (network, timeout, aborted).
   */
  read(): Promise<readonly DecodedItem<Item>[] | null>;
  /** Gives up the rest of the answer; a read that waits for it rejects. Does nothing after its end. */
  cancel(): void;
}

export interface ItemSourceOptions<Item> {
  decoder: AnswerDecoder<Item>;
  /** What may follow `[DONE]` before the connection is given up. */
  drainMs: number;
  /** Takes our key out of events that tell of an error. */
  redact: Redactor;
}

/** How long usage behind the mark of the end is waited for: it is a part of the same write, or of the next. */
const lateUsageMs = 100;

/** Creates the source of a streamed body; `firstPieces` are what was read of it before. */
export function createItemSource<Item>(
  body: AnswerBody,
  firstPieces: readonly Uint8Array[],
  { decoder, drainMs, redact }: ItemSourceOptions<Item>,
): ItemSource<Item> {
  const sse = createSseDecoder({ decoder, redact });
  const waiting = [...firstPieces];
  let isOver = false;
  let isLate: Promise<null> | null = null;

  /** Bytes behind the mark of the end; null when none come at once, and at the end of the body. */
  const readLate = async (): Promise<Uint8Array | null> => {
    isLate ??= Bun.sleep(lateUsageMs).then(() => null);
    try {
      return await Promise.race([body.read(), isLate]);
    } catch (error) {
      if (isOver) throw error;
      // The answer is whole, without what it took.
      return null;
    }
  };

  return {
    // One function for all of a read: it runs for every chunk, and each that waits costs as much as the decoding.
    async read() {
      while (!isOver) {
        let bytes: Uint8Array | null = waiting.shift() ?? null;
        try {
          bytes ??= await (sse.awaitsUsage ? readLate() : body.read());
        } finally {
          // At the end, and after a failure too: what a broken body left in the decoder says nothing.
          if (bytes === null) isOver = true;
        }
        const items = bytes === null ? sse.finish() : sse.push(bytes);
        const last = items.at(-1);
        if (last === undefined) continue;
        if (last.kind !== "item") isOver = true;
        if (last.kind === "done") void drain(body, drainMs);
        if (last.kind === "failure") body.cancel();
        return items;
      }
      return null;
    },
    cancel() {
      if (isOver) return;
      isOver = true;
      body.cancel();
    },
  };
}

/**
 * Reads what follows `[DONE]`, normally nothing but the end of the body, so that the connection is used again
 * and the next request needs no new one. Never throws: the answer is complete, whatever comes now.
 */
async function drain(body: AnswerBody, drainMs: number): Promise<void> {
  const timer = setTimeout(() => body.cancel(), drainMs);
  try {
    while ((await body.read()) !== null);
  } catch {
    // A body that fails is over, and its connection with it.
  } finally {
    clearTimeout(timer);
  }
}
