import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ContentBlockDeltaEvent, StreamEvent } from "../../src/anthropic/stream-event.ts";
import { createOwnKeys, type EventFilter } from "../../src/relay/own-keys.ts";
import { encodings, key } from "../secrets/encodings.ts";
import { chunk, stopChunk } from "../support/chunks.ts";
import { sse } from "../support/reply.ts";
import { hello, type Pair, startPair } from "../support/start-pair.ts";
import { isObject, objectOf } from "../support/strict/json.ts";

/** Longer than what is looked through, or handed over, in one turn. */
const longLength = 3 * 1024 * 1024;
const partLength = 1024 * 1024;

function createFilter(): EventFilter {
  const filter = createOwnKeys([key]).createEventFilter(new Uint8Array());
  if (filter === null) throw new Error("nothing to find");
  return filter;
}

function textDelta(text: string): ContentBlockDeltaEvent {
  return { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } };
}

function filterInParts(filter: EventFilter, events: readonly StreamEvent[]): StreamEvent[] {
  const parts = filter.filterInParts(events);
  for (;;) {
    const { done, value } = parts.next();
    if (done) return value;
  }
}

const stop: StreamEvent = { type: "content_block_stop", index: 0 };
const textWithKey = fc
  .tuple(fc.constantFrom(...encodings), fc.integer({ min: -90, max: 20 }), fc.boolean())
  .map(([[, encode], shift, isCut]) => {
    const before = "words ".repeat(partLength).slice(0, partLength + shift);
    const written = encode(key);
    return before + (isCut ? written.slice(0, -3) : `${written}behind`);
  });

test("[F3] long events lose the same keys in parts as at once", () => {
  fc.assert(
    fc.property(fc.array(textWithKey, { minLength: 1, maxLength: 3 }), (texts) => {
      const [atOnce, inParts] = [createFilter(), createFilter()];
      for (const text of texts) {
        const events = [textDelta("a short one"), textDelta(text)];
        expect(filterInParts(inParts, events)).toEqual(atOnce.filter(events));
      }
      expect(inParts.filter([stop])).toEqual(atOnce.filter([stop]));
    }),
    { numRuns: 30 },
  );
});

describe("[F3] an event of megabytes", () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await startPair({ settings: { openaiApiKey: key } });
  });
  afterAll(() => pair[Symbol.asyncDispose]());

  const long = "long words\n".repeat(longLength / 11);
  const callOf = (text: string) => ({
    tool_calls: [{ index: 0, id: "c1", function: { name: "Write", arguments: JSON.stringify({ text }) } }],
  });

  test.each([
    ["of text", { content: `${long}${key}.` }, `${long}zz9[redacted].`],
    ["of reasoning", { reasoning_content: `${long}${key}.` }, `${long}zz9[redacted].`],
    ["of arguments", callOf(`${long}${key}.`), JSON.stringify({ text: `${long}zz9[redacted].` })],
  ])("%s is told as one, in its place, without our key", async (_name, sent, told) => {
    const before = chunk({ reasoning_content: "before" });
    pair.upstream.reply(sse([before, chunk(sent), chunk({ content: "behind" }), stopChunk]));
    const response = await pair.post({
      ...hello,
      stream: true,
      tools: [{ name: "Write", input_schema: {} }],
    });
    const raw = await response.text();
    const events = [...raw.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => objectOf(JSON.parse(data)));
    const texts = events.flatMap(({ delta }) => {
      const { text, thinking, partial_json } = isObject(delta) ? delta : {};
      return text ?? thinking ?? partial_json ?? [];
    });
    // Not by `toEqual`, which would print megabytes.
    expect(texts.map((text) => (text === told ? "the long one" : text))).toEqual([
      "before",
      "the long one",
      "behind",
    ]);
    expect(events.at(-1)?.["type"]).toBe("message_stop");
  });
});
