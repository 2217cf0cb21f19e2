import type { AnswerBody } from "./answer-body.ts";
import type { AnswerDecoder, DecodedItem, Redactor } from "./answer-decoder.ts";
import { createSseDecoder } from "./decode-sse.ts";

/** A streamed answer. */
export interface ItemSource<Item> {
  /**
   * All items of one upstream read, at least one: reads that contain only comments are skipped. Null at the end of the
   * body and after a `done` or a `failure`. Throws UpstreamError (network, timeout, aborted).
   */
  read(): Promise<readonly DecodedItem<Item>[] | null>;
  /** Gives up the rest of the answer; a pending read rejects. Does nothing after its end. */
  cancel(): void;
}

export interface ItemSourceOptions<Item> {
  decoder: AnswerDecoder<Item>;
  /** How long the bytes after `[DONE]` may take before the connection is given up. */
  drainMs: number;
  /** Takes our key out of events that report an error. */
  redact: Redactor;
}

/** How long to wait for usage after the end mark: it comes in the same write, or in the next. */
const lateUsageMs = 100;

/** Creates the source of a streamed body; `firstPieces` were already read from it. */
export function createItemSource<Item>(
  body: AnswerBody,
  firstPieces: readonly Uint8Array[],
  { decoder, drainMs, redact }: ItemSourceOptions<Item>,
): ItemSource<Item> {
  const sse = createSseDecoder({ decoder, redact });
  const waiting = [...firstPieces];
  let isOver = false;
  let isLate: Promise<null> | null = null;

  /** Bytes after the end mark; null if none come at once, and at the end of the body. */
  const readLate = async (): Promise<Uint8Array | null> => {
    isLate ??= Bun.sleep(lateUsageMs).then(() => null);
    try {
      return await Promise.race([body.read(), isLate]);
    } catch (error) {
      if (isOver) throw error;
      // The answer is complete, only its usage is missing.
      return null;
    }
  };

  return {
    // One function for the whole read: it runs for every chunk, and each further `await` costs as much as the decoding.
    async read() {
      while (!isOver) {
        let bytes: Uint8Array | null = waiting.shift() ?? null;
        try {
          bytes ??= await (sse.awaitsUsage ? readLate() : body.read());
        } finally {
          // At the end, and also after a failure: what a broken body left in the decoder has no meaning.
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
 * Reads what follows `[DONE]`, normally only the end of the body, so that the connection is reused and the next request
 * needs no new one. Never throws: the answer is complete, whatever comes now.
 */
async function drain(body: AnswerBody, drainMs: number): Promise<void> {
  const timer = setTimeout(() => body.cancel(), drainMs);
  try {
    while ((await body.read()) !== null);
  } catch {
    // A body that fails is over, and so is its connection.
  } finally {
    clearTimeout(timer);
  }
}
