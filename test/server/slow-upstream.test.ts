import { expect, test } from "bun:test";
import { connect } from "node:net";
import { chunk, chunksOf, completionOf } from "../support/chunks.ts";
import { findGrammarFaults, parseWireEvents } from "../support/grammar.ts";
import { type BodyStep, json, silence, sse, sseOf } from "../support/reply.ts";
import { hello, readBytes, readFailure, readObject, startPair } from "../support/start-pair.ts";
import { untilStill } from "../support/until-still.ts";

const streamed = { ...hello, stream: true };
const pace = { headWithoutUpstreamMs: 400, headAfterUpstreamMs: 200, pingMs: 150 };

const namesOf = (bytes: Uint8Array) => parseWireEvents(bytes).map(({ name }) => name);

test("[4.3:head] the head goes out while the upstream owes its own, then pings", async () => {
  await using pair = await startPair({ pace });
  pair.upstream.reply(sse(chunksOf({ text: "late" }), { headDelayMs: 2500 }));
  const startedAtMs = performance.now();
  const response = await pair.post(streamed);
  expect(performance.now() - startedAtMs).toBeWithin(300, 2000);
  expect(response.headers.get("x-accel-buffering")).toBe("no");
  expect(response.headers.get("cache-control")).toBe("no-cache");
  const bytes = await readBytes(response);
  expect(findGrammarFaults(bytes)).toEqual([]);
  const names = namesOf(bytes);
  expect(names.slice(0, 2)).toEqual(["message_start", "ping"]);
  expect(names.filter((name) => name === "ping").length).toBeGreaterThanOrEqual(3);
  expect(names.filter((name) => name !== "ping")).toEqual([
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
});

test("[4.3:head] the head goes out a while after the upstream's, when nothing follows it", async () => {
  await using pair = await startPair({ pace: { ...pace, headWithoutUpstreamMs: 60_000 } });
  let mayGoOn = false;
  const waiting = function* (): Generator<BodyStep> {
    while (!mayGoOn) {
      yield Buffer.from(": OPENROUTER PROCESSING\n\n");
      yield { waitMs: 50 };
    }
    yield* sse(chunksOf({ text: "late" })).body;
  };
  pair.upstream.reply(sseOf(waiting()));
  const startedAtMs = performance.now();
  const response = await pair.post(streamed);
  expect(performance.now() - startedAtMs).toBeGreaterThan(150);
  mayGoOn = true;
  const bytes = await readBytes(response);
  expect(findGrammarFaults(bytes)).toEqual([]);
  expect(namesOf(bytes).slice(0, 2)).toEqual(["message_start", "ping"]);
});

test("[4.7:after] an error that comes after the head was forced out is an event", async () => {
  await using pair = await startPair({ pace });
  pair.upstream.reply(json({ error: { message: "no", code: 402 } }, { status: 402, headDelayMs: 700 }));
  const response = await pair.post(streamed);
  const bytes = await readBytes(response);
  expect([response.status, findGrammarFaults(bytes)]).toEqual([200, []]);
  const events = parseWireEvents(bytes);
  expect(events.at(-1)?.data["error"]).toEqual({
    type: "billing_error",
    message: expect.stringContaining("no"),
  });
});

test("[4.3:head] a quick answer has the one ping after its start", async () => {
  await using pair = await startPair({ pace });
  pair.upstream.reply(sse(chunksOf({ text: "quick" })));
  expect(namesOf(await readBytes(await pair.post(streamed)))).toEqual([
    "message_start",
    "ping",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
});

test("[4.7:silent] pings fill the pauses of a stream, and none comes in between the events of one moment", async () => {
  await using pair = await startPair({ pace });
  pair.upstream.reply(
    sse([chunk({ content: "a" }), chunk({ content: "b" }), chunk({}, "stop")], { paceMs: 500 }),
  );
  const bytes = await readBytes(await pair.post(streamed));
  expect(findGrammarFaults(bytes)).toEqual([]);
  const names = namesOf(bytes);
  expect(names.slice(0, 5)).toEqual([
    "message_start",
    "ping",
    "content_block_start",
    "content_block_delta",
    "ping",
  ]);
  expect(names.slice(-3)).toEqual(["content_block_stop", "message_delta", "message_stop"]);
});

test("[4.7:silent 5.2:timeout] an upstream that never sends a head is a 504, and its connection is ended", async () => {
  await using pair = await startPair({ limits: { firstByteMs: 300 } });
  pair.upstream.respondWith(() => silence());
  const response = await pair.post(hello);
  expect(await readFailure(response)).toEqual([
    504,
    "timeout_error",
    expect.stringMatching(/^127\.0\.0\.1:\d+ did not answer within 0\.3 seconds$/),
  ]);
  expect(await pair.upstream.requests[0]?.closedByPeer).toEqual(expect.any(Number));
  expect(pair.upstream.requests.length).toBe(1);
});

test("[4.7:silent] an upstream that falls silent is a timeout_error event", async () => {
  await using pair = await startPair({ limits: { idleMs: 400 } });
  pair.upstream.reply(sse([chunk({ content: "a" })], { done: false, end: "stall" }));
  const bytes = await readBytes(await pair.post(streamed));
  expect(findGrammarFaults(bytes)).toEqual([]);
  expect(parseWireEvents(bytes).at(-1)?.data["error"]).toEqual({
    type: "timeout_error",
    message: expect.stringMatching(/^127\.0\.0\.1:\d+ sent nothing for 0\.4 seconds$/),
  });
  expect(await pair.upstream.requests[0]?.closedByPeer).toEqual(expect.any(Number));
});

test("[4.7:silent] comments keep a silent upstream alive", async () => {
  await using pair = await startPair({ limits: { idleMs: 1000 } });
  const comments = Array.from({ length: 12 }, () => ": still here\n\n");
  pair.upstream.reply(sse([...comments, ...chunksOf({ text: "late" })], { paceMs: 150 }));
  const response = await pair.post(hello);
  expect([response.status, (await readObject(response))["content"]]).toEqual([
    200,
    [{ type: "text", text: "late", citations: null }],
  ]);
});

test("[4.7:backpressure] a client that does not read makes the upstream wait", async () => {
  await using pair = await startPair();
  const text = `data: ${JSON.stringify(chunk({ content: "x".repeat(16_384) }))}\n\n`;
  const endless = sseOf(
    (function* () {
      while (true) yield Buffer.from(text);
    })(),
  );
  pair.upstream.reply(endless);
  const body = JSON.stringify(streamed);
  const socket = connect(pair.proxy.port, "127.0.0.1");
  socket.pause();
  socket.write(
    `POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1:${pair.proxy.port}\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
  const { sentBytes, closedByPeer } = await pair.upstream.request(0);
  // The kernel's buffers of two connections hold several megabytes; an unbounded reader takes hundreds.
  expect(await untilStill(sentBytes)).toBeLessThan(64 * 1024 * 1024);
  socket.destroy();
  expect(await closedByPeer).toEqual(expect.any(Number));
});

test("a whole answer may be slow", async () => {
  await using pair = await startPair({ pace });
  pair.upstream.reply(json(completionOf({ text: "slow" }), { headDelayMs: 12_500 }));
  const response = await pair.post(hello);
  expect([response.status, (await readObject(response))["content"]]).toEqual([
    200,
    [{ type: "text", text: "slow", citations: null }],
  ]);
}, 20_000);
