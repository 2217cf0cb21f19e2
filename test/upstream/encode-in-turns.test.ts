import { expect, test } from "bun:test";
import fc from "fast-check";
import type { ChatRequest } from "../../src/protocols/chat/chat-request.ts";
import { encodeInTurns } from "../../src/upstream/encode-in-turns.ts";
import { withoutLoneSurrogates } from "../../src/upstream/without-lone-surrogates.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });
const values = fc.jsonValue({ maxDepth: 8, stringUnit: "binary" });
// Of some hundred characters several members are written at once.
const pieceLengths = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 400 }));
const extras = fc.dictionary(fc.string({ unit: "binary" }), fc.oneof(values, fc.constant(undefined)));

function requestOf(content: unknown, extra: { [key: string]: unknown } = {}): ChatRequest {
  return {
    model: "m",
    ...extra,
    messages: [{ role: "user", content: JSON.stringify(content) }],
    more: content,
  };
}

test("[F3] a chat request that is written in steps is the text that it is at once", async () => {
  await fc.assert(
    fc.asyncProperty(values, extras, pieceLengths, async (content, extra, pieceLength) => {
      const chatRequest = requestOf(content, extra);
      const written = await encodeInTurns(chatRequest, (step) => step(), pieceLength);
      expect(decoder.decode(written)).toBe(withoutLoneSurrogates(JSON.stringify(chatRequest)));
    }),
    { numRuns: 500 },
  );
});

test("[F3] a character outside the basic plane is cut in no two", async () => {
  for (let pieceLength = 1; pieceLength < 9; pieceLength += 1) {
    const chatRequest = requestOf("a😀😀b😀".repeat(20));
    const written = await encodeInTurns(chatRequest, (step) => step(), pieceLength);
    expect(decoder.decode(written)).toBe(JSON.stringify(chatRequest));
  }
});

test("[F3] what JSON does not know is null in a list, and left out of an object", async () => {
  const holes = [undefined, 1, undefined, "x".repeat(9), undefined, { a: undefined, b: null }];
  const chatRequest: ChatRequest = { model: "m", messages: [], holes, more: undefined };
  for (let pieceLength = 1; pieceLength < 200; pieceLength += 3) {
    const written = await encodeInTurns(chatRequest, (step) => step(), pieceLength);
    expect(decoder.decode(written)).toBe(JSON.stringify(chatRequest));
  }
});

test("[F3] no step writes much more than it may, whatever shape the request has", async () => {
  const shapes: unknown[] = [
    "x".repeat(100_000),
    Array.from({ length: 1000 }, () => ({ type: "text", text: "x".repeat(90) })),
    [{ type: "image_url", image_url: { url: "x".repeat(100_000) } }],
    Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`property_${index}`, { type: "string" }])),
  ];
  for (const content of shapes) {
    let steps = 0;
    const runStep = <Result>(step: () => Result): Result => {
      steps += 1;
      return step();
    };
    const request: ChatRequest = { model: "m", messages: [], content: [{ content }] };
    await encodeInTurns(request, runStep, 1000);
    // 100,000 characters, a thousand a step and once as many where the last piece of one is as long.
    expect(steps).toBeGreaterThan(50);
  }
});

/** How many steps it takes to write the request, in pieces of so many characters. */
async function countSteps(content: unknown, pieceLength?: number): Promise<number> {
  let steps = 0;
  const runStep = <Result>(step: () => Result): Result => {
    steps += 1;
    return step();
  };
  const request: ChatRequest = { model: "m", messages: [], content };
  const written = await encodeInTurns(request, runStep, pieceLength);
  // Not by `toBe`, which would print megabytes.
  expect(decoder.decode(written) === JSON.stringify(request)).toBe(true);
  return steps;
}

const megabyte = 1024 * 1024;

test.each<[string, unknown, number]>([
  ["a short request", "short", 1],
  // Each megabyte is written in a step, and four of them are put together in one.
  ["a text of a megabyte", "x".repeat(megabyte), 2],
  ["a text of twelve", "x".repeat(12 * megabyte), 16],
  ["texts of twelve", Array.from({ length: 12 }, () => "x".repeat(megabyte)), 16],
])("[F3] in so many steps as needed: %s", async (_, content, steps) => {
  expect(await countSteps(content)).toBe(steps);
});

// Three values are a run, two members are one; a step ends behind the second of either.
test.each<[string, unknown, number]>([
  ["values, each of which takes as long as 32 characters", Array.from({ length: 100 }, () => 1), 18],
  ["texts that take 32 characters more", Array.from({ length: 10 }, () => "x".repeat(68)), 11],
  ["two long texts", ["x".repeat(1000), "x".repeat(1000)], 21],
  ["members", Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`m${index}`, 1])), 26],
])("[F3] of a hundred characters in a piece: %s", async (_, content, steps) => {
  expect(await countSteps(content, 100)).toBe(steps);
});
