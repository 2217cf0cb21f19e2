import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { chatDecoder } from "../../src/protocols/chat/answer/chat-decoder.ts";
import { createSseDecoder } from "../../src/upstream/decode-sse.ts";
import { plainItems } from "./plain-items.ts";

/** Decodes pieces and tells what came with all of them together. */
function decodePieces(pieces: readonly Uint8Array[]): unknown[] {
  const decoder = createSseDecoder({ decoder: chatDecoder, maxEventLength: 10_000 });
  return plainItems([...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.finish()]);
}

function split(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const ends = [...new Set(positions.map((position) => position % (bytes.length + 1)))].sort((x, y) => x - y);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

const encoder = new TextEncoder();
const lineEnd = fc.constantFrom("\n", "\r\n", "\r");
const text = fc.string({
  unit: fc.constantFrom("a", " ", "{", "}", "[", '"', ":", "é", "日", "😀", "\n", "\r", "\ufeff"),
});
const json = fc.record({ text, n: fc.integer() }).map((value) => JSON.stringify(value));

/** What servers send, and what they should not. */
const part = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(json, lineEnd).map(([data, end]) => `data: ${data}${end}${end}`) },
  fc.tuple(json, lineEnd).map(([data, end]) => `data:${data}${end}`),
  fc.tuple(json, lineEnd).map(([data, end]) => `${data}${end}`),
  fc
    .tuple(
      fc.constantFrom("event: error", "event: x", "id: 1", "retry: 3", "foo", ": note", ":", ""),
      lineEnd,
    )
    .map((pair) => pair.join("")),
  fc
    .tuple(
      fc.constantFrom(
        "[DONE]",
        "data: [DONE]",
        "data: null",
        "data:",
        "data: {",
        "[1",
        '{"cut',
        "data: ping",
        'data: {"usage":{}}',
      ),
      lineEnd,
    )
    .map((pair) => pair.join("")),
  lineEnd,
);
const body = fc
  .tuple(fc.boolean(), fc.array(part, { maxLength: 12 }), fc.boolean())
  .map(([hasMark, parts, isCut]) => {
    const bytes = encoder.encode(`${hasMark ? "\ufeff" : ""}${parts.join("")}`);
    return isCut ? bytes.subarray(0, Math.floor(bytes.length * 0.9)) : bytes;
  });

describe("the chunking law", () => {
  test("[4.2:split] any split of the bytes gives the same items", () => {
    fc.assert(
      fc.property(body, fc.array(fc.nat(), { maxLength: 20 }), (bytes, positions) => {
        expect(decodePieces(split(bytes, positions))).toEqual(decodePieces([bytes]));
      }),
      { numRuns: 3000 },
    );
  });

  test("[4.2:split] so does one byte at a time", () => {
    fc.assert(
      fc.property(body, (bytes) => {
        expect(decodePieces([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(decodePieces([bytes]));
      }),
      { numRuns: 1000 },
    );
  });

  test.each(["\n", "\r\n", "\r"])(
    "[4.2:split] every split in two of a stream with %j gives its items",
    (end) => {
      const events = [
        "\ufeff: hi",
        "",
        'data: {"t":"é日😀"}',
        "",
        'data: {"t":',
        'data: "x"}',
        "",
        "data: [DONE]",
        "",
        "",
      ];
      const bytes = encoder.encode(events.join(end));
      const expected = [
        { kind: "item", item: { t: "é日😀" } },
        { kind: "item", item: { t: "x" } },
        { kind: "done" },
      ];
      for (let position = 0; position <= bytes.length; position++) {
        expect(decodePieces([bytes.subarray(0, position), bytes.subarray(position)])).toEqual(expected);
      }
    },
  );
});
