import { describe, expect, test } from "bun:test";
import { createEventPieces } from "../../src/upstream/event-pieces.ts";

const mostEventPieces = 500_000;
const lines = (count: number) => "data:\n".repeat(count);

describe("[F15] of how many pieces an event may be: half a million", () => {
  test.each<[string, (pieces: ReturnType<typeof createEventPieces>) => void]>([
    ["at the begin of a stream", () => {}],
    [
      "behind an event",
      (pieces) => {
        pieces.add(lines(100));
        pieces.end();
      },
    ],
    ...["\n\n", "\r\r", "\r\n\r\n", "data:x\n\n"].map(
      (end): [string, (pieces: ReturnType<typeof createEventPieces>) => void] => [
        `behind a read that ends with ${JSON.stringify(end)}`,
        (pieces) => {
          pieces.add(lines(100));
          expect(pieces.add(end)).toBe(true);
        },
      ],
    ),
  ])("%s", (_, begin) => {
    const pieces = createEventPieces();
    begin(pieces);
    // The read itself is one.
    expect(pieces.add(lines(mostEventPieces - 1))).toBe(true);
    expect(pieces.add("x")).toBe(false);
    expect(pieces.add("\n\n")).toBe(true);
  });

  test.each(["\n", "\r\n", "\n\n: a comment", "\r\n\r", "data:"])(
    "a read that ends with %j ends none",
    (end) => {
      const pieces = createEventPieces();
      pieces.add(lines(mostEventPieces - 2));
      expect([pieces.add(end), pieces.add("x")]).toEqual([end !== "data:", false]);
    },
  );
});
