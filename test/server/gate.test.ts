import { expect, test } from "bun:test";
import { chunk, chunksOf, usageChunk } from "../support/chunks.ts";
import { findGrammarFaults, parseWireEvents } from "../support/grammar.ts";
import { hangUp, type Reply, sse, status } from "../support/reply.ts";
import { hello, readBytes, readFailure, startPair } from "../support/start-pair.ts";

const brokenConnection = expect.stringMatching(/^The connection to 127\.0\.0\.1:\d+ broke: ECONNRESET$/);
const from = (what: string) => expect.stringMatching(new RegExp(`^127\\.0\\.0\\.1:\\d+ ${what}$`));
const noJson = from("sent an event that is not a JSON object: \\{broken");
const limited = from("limits requests for medium-model: slow down");
const endedEarly = from("ended the stream early");
const streamed = { ...hello, stream: true };
const failure = { error: { code: 429, message: "slow down" } };

test.each<[string, Reply, [number, string, unknown]]>([
  [
    "an error status",
    status(503, { error: { message: "down" } }),
    [503, "api_error", from("cannot serve medium-model now: down")],
  ],
  ["an error as the first chunk", sse([failure], { done: false }), [429, "rate_limit_error", limited]],
  [
    "an error after a chunk that says nothing",
    sse([chunk({ role: "assistant", content: "" }), failure], { done: false, paceMs: 20 }),
    [429, "rate_limit_error", limited],
  ],
  [
    "an error event after comments",
    sse(
      [
        ": OPENROUTER PROCESSING\n\n",
        'event: error\ndata: {"error":"overloaded","message":"overloaded"}\n\n',
      ],
      {
        done: false,
      },
    ),
    [529, "overloaded_error", from("cannot serve medium-model now: overloaded")],
  ],
  ["data that is no JSON", sse(["data: {broken\n\n"], { done: false }), [502, "api_error", noJson]],
  [
    "a stream that ends before it says anything",
    sse([chunk({ role: "assistant" })], { done: false }),
    [502, "api_error", endedEarly],
  ],
  [
    "a connection that breaks before it says anything",
    sse([chunk({ role: "assistant" })], { done: false, end: "reset", paceMs: 20 }),
    [502, "api_error", brokenConnection],
  ],
])("[4.7:before 5.4:before] %s is an HTTP status", async (_, reply, expected) => {
  await using pair = await startPair();
  pair.upstream.reply(reply);
  const response = await pair.post(streamed);
  expect<unknown>(await readFailure(response)).toEqual(expected);
  expect(pair.upstream.requests.length).toBe(1);
  const { status: code, errorType, attempts } = await pair.proxy.record(0);
  expect([code, errorType, attempts]).toEqual([expected[0], expected[1], 1]);
});

test("[4.7:before] a connection that is refused twice is an HTTP status", async () => {
  await using pair = await startPair();
  pair.upstream.respondWith(() => hangUp("reset"));
  expect(await readFailure(await pair.post(streamed))).toEqual([
    502,
    "api_error",
    expect.stringMatching(/^cannot reach 127\.0\.0\.1:\d+: ECONNRESET\. /),
  ]);
  expect(pair.upstream.requests.length).toBe(2);
  const { phase, attempts } = await pair.proxy.record(0);
  expect({ phase, attempts }).toEqual({ phase: "connect", attempts: 2 });
});

test.each<[string, (text: object) => Reply, object]>([
  [
    "an error in the stream",
    (text) => sse([text, failure], { done: false, paceMs: 20 }),
    { type: "rate_limit_error", message: limited },
  ],
  [
    "a broken connection",
    (text) => sse([text], { done: false, end: "reset", paceMs: 50 }),
    { type: "api_error", message: brokenConnection },
  ],
  [
    "an end without a last chunk",
    (text) => sse([text], { done: false, end: "fin", paceMs: 50 }),
    { type: "api_error", message: brokenConnection },
  ],
  [
    "a clean end without a finish reason",
    (text) => sse([text], { done: false, paceMs: 20 }),
    { type: "api_error", message: endedEarly },
  ],
  [
    "data that is no JSON",
    (text) => sse([text, "data: {broken\n\n"], { done: false, paceMs: 20 }),
    { type: "api_error", message: noJson },
  ],
])("[4.7:after 5.4:after] %s after text is an error event, and the text stays", async (_, reply, error) => {
  await using pair = await startPair();
  pair.upstream.reply(reply(chunk({ content: "so far" })));
  const response = await pair.post(streamed);
  expect([response.status, response.headers.get("content-type")]).toEqual([
    200,
    "text/event-stream; charset=utf-8",
  ]);
  const bytes = await readBytes(response);
  expect(findGrammarFaults(bytes)).toEqual([]);
  const events = parseWireEvents(bytes);
  expect(events.map(({ name }) => name)).toEqual([
    "message_start",
    "ping",
    "content_block_start",
    "content_block_delta",
    "error",
  ]);
  expect(events[3]?.data["delta"]).toEqual({ type: "text_delta", text: "so far" });
  expect(events[4]?.data).toEqual({ type: "error", error, request_id: response.headers.get("request-id") });
  const record = await pair.proxy.record(0);
  expect(record.errorMessage).toBe(String(Object(events[4]?.data["error"]).message));
  expect(pair.upstream.requests.length).toBe(1);
});

test("[4.7:early-end] a whole answer that breaks off is an error and no message", async () => {
  await using pair = await startPair();
  pair.upstream.reply(sse([chunk({ content: "so far" })], { done: false, end: "fin", paceMs: 20 }));
  expect(await readFailure(await pair.post(hello))).toEqual([502, "api_error", brokenConnection]);
});

test("[4.2:linger] the connection may break after the finish reason", async () => {
  await using pair = await startPair();
  const chunks = [chunk({ content: "done" }), chunk({}, "stop")];
  pair.upstream.reply(sse(chunks, { done: false, end: "reset", paceMs: 30 }));
  const bytes = await readBytes(await pair.post(streamed));
  expect(findGrammarFaults(bytes)).toEqual([]);
  expect(parseWireEvents(bytes).at(-1)?.name).toBe("message_stop");
});

test("[4.2:linger 4.6:cancel] usage may come late, and a stream that never ends is ended", async () => {
  await using pair = await startPair({ lingerMs: 200 });
  const chunks = chunksOf({ text: "done" }).slice(0, -1);
  pair.upstream.reply(sse([...chunks, usageChunk()], { done: false, end: "stall", paceMs: 20 }));
  pair.upstream.reply(sse(chunks, { done: false, end: "stall" }));
  const withUsage = parseWireEvents(await readBytes(await pair.post(streamed)));
  expect(withUsage.at(-2)?.data["usage"]).toMatchObject({ input_tokens: 100, output_tokens: 10 });
  const without = await readBytes(await pair.post(streamed));
  expect(findGrammarFaults(without)).toEqual([]);
  expect(await pair.upstream.requests[1]?.closedByPeer).toEqual(expect.any(Number));
});

test.each<[string, number, object]>([
  ["429 with retry-after", 429, { error: { message: "slow" } }],
  ["503 with retry-after", 503, { error: { message: "busy" } }],
])(
  "[8.1:retry-after 8.1:others] %s keeps the header, and nothing else of the upstream's",
  async (_, code, body) => {
    await using pair = await startPair();
    pair.upstream.reply(
      status(code, body, { "retry-after": "7", "set-cookie": "a=b", server: "cloud", "cf-ray": "1" }),
    );
    const response = await pair.post(streamed);
    await response.text();
    expect([response.status, response.headers.get("retry-after")]).toEqual([code, "7"]);
    expect(["set-cookie", "server", "cf-ray"].map((name) => response.headers.get(name))).toEqual([
      null,
      null,
      null,
    ]);
  },
);
