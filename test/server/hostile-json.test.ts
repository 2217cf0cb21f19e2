import { expect, test } from "bun:test";
import { chunk, completionOf, usageChunk } from "../support/chunks.ts";
import { parseWireEvents } from "../support/grammar.ts";
import { json, sse, whole } from "../support/reply.ts";
import { hello, type Pair, readBytes, readFailure, readObject, startPair } from "../support/start-pair.ts";

const largestBody = 32 * 1024 * 1024;

/** The longest that a neighbour waits for an answer of the server while `work` is done. */
async function longestWaitMs({ proxy }: Pair, work: Promise<unknown>): Promise<number> {
  let isOver = false;
  let longestMs = 0;
  const watched = work.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const askedAtMs = performance.now();
    expect((await fetch(`${proxy.url}/health`)).status).toBe(200);
    longestMs = Math.max(longestMs, performance.now() - askedAtMs);
  }
  await watched;
  return longestMs;
}

test.each([
  ["brackets that open", () => "[".repeat(largestBody), "body: nested deeper than 500 levels"],
  [
    "nested lists",
    () => "[".repeat(largestBody / 2) + "]".repeat(largestBody / 2),
    "body: nested deeper than 500 levels",
  ],
  ["empty lists", () => `[${"[],".repeat(largestBody / 3 - 2)}0]`, "body: holds more than 500,000 values"],
  [
    "empty objects in a list",
    () => `[${"{},".repeat(largestBody / 3 - 2)}0]`,
    "body: holds more than 500,000 values",
  ],
  [
    "members of an object",
    () => `{${Array.from({ length: 1_100_000 }, (_, index) => `"k${index}":1`).join(",")}}`,
    "body: holds more than 500,000 values",
  ],
])("[row 63] a body full of %s is refused and holds nobody up", async (_, build, message) => {
  await using pair = await startPair();
  const sent = pair.post(build());
  // Parsing the worst of them takes five seconds.
  expect(await longestWaitMs(pair, sent)).toBeLessThan(1_500);
  expect(await readFailure(await sent)).toEqual([400, "invalid_request_error", message]);
});

test.each([
  ["content", [{ role: "user", content: new Array(400_000).fill(0) }], "messages.0.content.0: "],
  ["messages", new Array(400_000).fill(0), "messages.0: "],
])("[F3] of %s with 400,000 faults the first five are told, and soon", async (_, messages, first) => {
  await using pair = await startPair();
  const sent = pair.post({ ...hello, messages });
  // To tell each of them took over a second.
  expect(await longestWaitMs(pair, sent)).toBeLessThan(500);
  const [status, type, message] = await readFailure(await sent);
  expect([status, type]).toEqual([400, "invalid_request_error"]);
  expect(message).toStartWith(first);
  expect(message.split("; ")).toHaveLength(5);
});

test("[row 63] a large request with as many values as a client may send is served", async () => {
  await using pair = await startPair();
  pair.upstream.reply(json(completionOf({ text: "hello" })));
  const rows = Array.from({ length: 450_000 }, (_, index) => index);
  const input_schema = { type: "object", properties: { row: { enum: rows } } };
  expect((await pair.post({ ...hello, tools: [{ name: "t", input_schema }] })).status).toBe(200);
});

const depth = 60_000;
const deepList = "[".repeat(depth) + "]".repeat(depth);
const tools = [{ name: "Bash", input_schema: { type: "object", properties: {} } }];

/** A chunk or completion whose text is written by hand: to write it out of a value takes seconds. */
function withRaw(value: unknown, raw: string): string {
  return JSON.stringify(value).replace('"RAW"', raw);
}

test("[row 24] an upstream's chunk that is nested 60,000 deep is a failure of the upstream, and soon", async () => {
  await using pair = await startPair();
  const deep = withRaw(chunk({ content: "a", reasoning_details: "RAW" }), deepList);
  pair.upstream.reply(sse([chunk({ content: "before" }), `data: ${deep}\n\n`, usageChunk()]));
  const answer = pair.post({ ...hello, stream: true }).then(readBytes);
  expect(await longestWaitMs(pair, answer)).toBeLessThan(1_500);
  expect(parseWireEvents(await answer).at(-1)?.data).toMatchObject({
    type: "error",
    error: { type: "api_error", message: expect.stringContaining("nested deeper than 500 levels") },
  });
});

test("[row 24] a whole answer that is nested 60,000 deep is a 502", async () => {
  await using pair = await startPair();
  const deep = withRaw({ ...completionOf({ text: "hello" }), more: "RAW" }, deepList);
  pair.upstream.reply(whole(deep));
  const [status, type, message] = await readFailure(await pair.post(hello));
  expect([status, type]).toEqual([502, "api_error"]);
  expect(message).toContain("nested deeper than 500 levels");
});

test.each([
  ["complete", `{"a":${deepList}}`],
  ["cut off, which could be mended", `{"a":${"[".repeat(depth)}`],
])("[row 51] arguments that are nested 60,000 deep and %s are handed over as text", async (_, text) => {
  await using pair = await startPair();
  const call = { id: "call_1", type: "function", function: { name: "Bash", arguments: text } };
  const completion = completionOf({ text: "" });
  pair.upstream.reply(
    json({
      ...completion,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: null, tool_calls: [call] },
          finish_reason: "tool_calls",
        },
      ],
    }),
  );
  const message = await readObject(await pair.post({ ...hello, tools }));
  expect(message["content"]).toEqual([
    { type: "tool_use", id: "call_1", name: "Bash", input: { __unparsed_arguments: text } },
  ]);
});

test("a session id that looks like JSON is not parsed however deep it is", async () => {
  await using pair = await startPair();
  pair.upstream.reply(json(completionOf({ text: "hello" })));
  const user_id = `{"session_id":${"[".repeat(10_000_000)}`;
  expect(await longestWaitMs(pair, pair.post({ ...hello, metadata: { user_id } }))).toBeLessThan(1_500);
});
