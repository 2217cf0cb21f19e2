import type { ChatChunk } from "../../src/protocols/chat/chat-response.ts";
import type { DecodedItem } from "../../src/upstream/answer-decoder.ts";

/** Items as plain values, so that failures compare by all that they say. */
export function plainItems(items: readonly DecodedItem<unknown>[]): unknown[] {
  return items.map((item) => {
    if (item.kind !== "failure") return item;
    const { kind, message, status, body } = item.error;
    return { kind: "failure", error: { kind, message, status, body } };
  });
}

/** The item of a chunk. */
export function chunk(content: object): DecodedItem<ChatChunk> {
  return { kind: "item", item: content };
}

export const done: DecodedItem<ChatChunk> = { kind: "done" };

/** The plain form of a stream that is not what it should be. */
export function malformed(message: string) {
  return { kind: "failure", error: { kind: "malformed", message, status: undefined, body: undefined } };
}

/** The plain form of an error that a stream reports. */
export function reported(body: unknown) {
  const message = "The upstream reported an error inside its answer";
  return { kind: "failure", error: { kind: "http", message, status: 200, body } };
}
