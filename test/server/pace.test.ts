import { expect, test } from "bun:test";
import { connectRaw, requestHead } from "../faults/raw-client.ts";
import { chunk, stopChunk } from "../support/chunks.ts";
import { type BodyStep, silence, sseOf } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello, startPair } from "../support/start-pair.ts";

test("[row 60] a body that comes fast enough has to be whole in time all the same", async () => {
  await using pair = await startPair({ uploads: { longestSeconds: 1 } });
  const head = requestHead(pair.proxy.port, { "content-length": "9000000" });
  const client = await connectRaw(pair.proxy.port, head);
  const startedAtMs = performance.now();
  const drip = setInterval(() => client.socket.write(" ".repeat(20_000)), 50);
  expect(await client.closed(2 * soonMs)).toStartWith("HTTP/1.1 408 ");
  clearInterval(drip);
  expect(performance.now() - startedAtMs).toBeWithin(990, 1000 + soonMs);
});

/**
 * Bun counts in steps of 4 s, whose phase other connections set: with less patience than one step, the next step may
 * come between two pieces and close the connection.
 */
const patienceSeconds = 5;

test("[row 60] a body that drips is told what is too slow", async () => {
  await using pair = await startPair({ uploads: { patienceSeconds } });
  const client = await connectRaw(
    pair.proxy.port,
    requestHead(pair.proxy.port, { "content-length": "9000000" }),
  );
  const drip = setInterval(() => client.socket.write(" "), 50);
  expect(await client.closed(15_000)).toContain(
    "body: came slower than 1024 bytes a second or for over 10 minutes",
  );
  clearInterval(drip);
});

test("[row 60] a body that is whole in time may take longer than its patience", async () => {
  await using pair = await startPair({ uploads: { longestSeconds: 12, patienceSeconds } });
  const head = requestHead(pair.proxy.port, { "content-length": "100000", connection: "close" });
  const client = await connectRaw(pair.proxy.port, head);
  for (let sent = 0; sent < 20; sent += 1) {
    client.socket.write(" ".repeat(5000));
    await Bun.sleep(300);
  }
  // Blanks are no JSON.
  expect(await client.closed(5000)).toStartWith("HTTP/1.1 400 ");
}, 20_000);

test("[4.7:before] the time that a body took counts, too, until the head goes out", async () => {
  await using pair = await startPair({ pace: { headWithoutUpstreamMs: 3000 } });
  pair.upstream.reply(silence());
  const body = JSON.stringify({ ...hello, stream: true });
  const head = requestHead(pair.proxy.port, { "content-length": String(body.length) });
  const startedAtMs = performance.now();
  const client = await connectRaw(pair.proxy.port, head + body.slice(0, 9));
  await Bun.sleep(2500);
  client.socket.write(body.slice(9));
  const writtenAtMs = performance.now();
  await client.hears("HTTP/1.1 200 ");
  expect(performance.now() - startedAtMs).toBeGreaterThan(2900);
  // Half a second of it is left; all of it would be three.
  expect(performance.now() - writtenAtMs).toBeLessThan(2900);
  client.socket.destroy();
});

test("[4.7:silent] a client that takes nothing is sent no pings that would have to be held for it", async () => {
  await using pair = await startPair({ pace: { pingMs: 20 } });
  const event = (value: object) => new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`);
  const text = event(chunk({ content: "x".repeat(16_384) }));
  let mayEnd = false;
  const long = function* (): Generator<BodyStep> {
    while (!mayEnd) yield text;
    yield event(stopChunk);
    yield new TextEncoder().encode("data: [DONE]\n\n");
  };
  pair.upstream.reply(sseOf(long()));
  const body = JSON.stringify({ ...hello, stream: true });
  const headers = { "content-length": String(body.length), connection: "close" };
  const client = await connectRaw(pair.proxy.port, requestHead(pair.proxy.port, headers) + body);
  client.socket.pause();
  await pair.upstream.request(0);
  await Bun.sleep(2500);
  mayEnd = true;
  client.socket.resume();
  const received = await client.closed(20_000);
  expect(received).toContain("event: message_stop");
  // One behind the head, and a few more where the machine was busy: without the rule it is more than a hundred.
  expect(received?.split("event: ping").length).toBeLessThan(25);
}, 30_000);

test("[4.7:silent] a client that waits is sent a ping when nothing came for so long, and not before", async () => {
  await using pair = await startPair({ pace: { pingMs: 100 } });
  const event = (value: object) => new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`);
  pair.upstream.reply(sseOf([event(chunk({ content: "a" })), { waitMs: 450 }, event(stopChunk)]));
  const text = await (await pair.post({ ...hello, stream: true })).text();
  // One behind the head; then as many as there is time for, where the machine was not busy.
  expect(text.split("event: ping").length - 1).toBeWithin(3, 7);
});
