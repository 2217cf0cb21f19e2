import type { PrefixBreak } from "../recorded-request.ts";
import { countSameBytes } from "./count-same-bytes.ts";
import { findBreak } from "./find-break.ts";
import type { Conversation } from "./find-conversation.ts";

const mostConversations = 64;
const mostBytes = 24 * 1024 * 1024;

/**
 * Remembers the last request of each conversation, and tells how far the next one begins like it. Of those that are
 * longest without a request it forgets what is too much.
 */
export class PrefixMemory {
  readonly #texts = new Map<string, Buffer>();
  #bytes = 0;

  /**
   * Compares a request, JSON as it was sent, with the turn before it in the same conversation, and remembers it if it is
   * a turn itself. Null if none is known. The bytes are kept: nobody may change them afterwards.
   */
  compare({ name, isTurn }: Conversation, text: string | Uint8Array): PrefixBreak | null {
    const next = toBuffer(text);
    const previous = this.#texts.get(name);
    if (isTurn) this.#remember(name, next);
    if (previous === undefined) return null;
    const sameBytes = countSameBytes(previous, next);
    const isContinued = sameBytes === previous.length;
    return {
      sameBytes,
      previousBytes: previous.length,
      place: isContinued ? null : findBreak(previous, next),
    };
  }

  #remember(conversation: string, text: Buffer): void {
    this.#forget(conversation);
    this.#texts.set(conversation, text);
    this.#bytes += text.length;
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= mostConversations && this.#bytes <= mostBytes) break;
      this.#forget(oldest);
    }
  }

  #forget(conversation: string): void {
    this.#bytes -= this.#texts.get(conversation)?.length ?? 0;
    this.#texts.delete(conversation);
  }
}

function toBuffer(text: string | Uint8Array): Buffer {
  if (typeof text === "string") return Buffer.from(text);
  return Buffer.from(text.buffer, text.byteOffset, text.byteLength);
}
