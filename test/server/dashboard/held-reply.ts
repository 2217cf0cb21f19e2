import { chunk, stopChunk } from "../../support/chunks.ts";
import { type BodyStep, type Reply, sseOf } from "../../support/reply.ts";

/** A streamed answer that begins and ends when the test says so. */
export function heldReply(): { reply(): Reply; begin(): void; end(): void } {
  let hasBegun = false;
  let hasEnded = false;
  const eventOf = (item: object | string) =>
    Buffer.from(`data: ${typeof item === "string" ? item : JSON.stringify(item)}\n\n`);
  function* body(): Iterable<BodyStep> {
    while (!hasBegun) yield { waitMs: 2 };
    yield eventOf(chunk({ content: "hello" }));
    while (!hasEnded) yield { waitMs: 2 };
    yield eventOf(stopChunk);
    yield eventOf("[DONE]");
  }
  return {
    reply: () => sseOf(body()),
    begin() {
      hasBegun = true;
    },
    end() {
      hasEnded = true;
    },
  };
}
