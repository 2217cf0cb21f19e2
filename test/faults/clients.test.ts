import { expect } from "bun:test";
import { chunk, chunksOf, completionOf } from "../support/chunks.ts";
import { json, silence, sse } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello, readFailure } from "../support/start-pair.ts";
import { faultTest } from "./fault-test.ts";
import { connectRaw, requestHead } from "./raw-client.ts";
import { canaries } from "./scene.ts";
import type { Stage } from "./stage.ts";

const streamed = { ...hello, stream: true };
const body = JSON.stringify(streamed);

/** Sends a messages request that the test takes care of by itself. */
function sendRaw({ proxy, noteRequest }: Stage, headers: Record<string, string>, text: string) {
  noteRequest();
  return connectRaw(
    proxy.port,
    requestHead(proxy.port, { "x-api-key": canaries.clientKey, ...headers }) + text,
  );
}

/** The record says that the client went, the upstream has heard it soon, and nothing was sent twice. */
async function expectGone(stage: Stage, leftAtMs: number, requests: number): Promise<void> {
  if (requests > 0) {
    const closedAtMs = await stage.upstream.requests[1]?.closedByPeer;
    expect((closedAtMs ?? Number.NaN) - leftAtMs).toBeWithin(0, soonMs);
  }
  const { status, phase, errorType } = await stage.record(0);
  expect({ status, phase, errorType }).toEqual({ status: 499, phase: "client", errorType: null });
  expect(stage.upstream.requests.length).toBe(1 + requests);
}

faultTest("[row 55] a client that leaves in its own head has asked for nothing", async (stage) => {
  const head = requestHead(stage.proxy.port, { "x-api-key": canaries.clientKey, "content-length": "100" });
  for (const length of [1, 20, head.length - 2]) {
    const client = await connectRaw(stage.proxy.port, head.slice(0, length));
    await Bun.sleep(50);
    client.socket.destroy();
    await Bun.sleep(50);
  }
  expect([stage.records, stage.upstream.requests.length]).toEqual([[], 1]);
});

faultTest("[row 55] a client that leaves in its own body", async (stage) => {
  const client = await sendRaw(stage, { "content-length": "100" }, '{"model":');
  await Bun.sleep(50);
  client.socket.destroy();
  await expectGone(stage, performance.now(), 0);
});

faultTest("[row 55] a client that leaves before the upstream's head", async (stage) => {
  stage.upstream.reply(silence());
  const client = await sendRaw(stage, { "content-length": String(body.length) }, body);
  await stage.upstream.request(1);
  client.socket.resetAndDestroy();
  await expectGone(stage, performance.now(), 1);
});

faultTest("[row 55] a client that leaves in the middle of its stream", async (stage) => {
  stage.upstream.reply(sse([chunk({ content: "one" })], { done: false, end: "stall" }));
  const client = await sendRaw(stage, { "content-length": String(body.length) }, body);
  await client.hears("text_delta");
  client.socket.destroy();
  await expectGone(stage, performance.now(), 1);
});

faultTest("[row 55] a client that leaves at the last byte has had its answer", async (stage) => {
  stage.upstream.reply(sse(chunksOf({ text: "one" })));
  const client = await sendRaw(stage, { "content-length": String(body.length) }, body);
  await client.hears("message_stop");
  client.socket.destroy();
  expect((await stage.record(0)).status).toBe(200);
});

faultTest("[row 57] 100 MB with a length", async (stage) => {
  const client = await sendRaw(stage, { "content-length": "104857600" }, "{");
  await client.hears("request_too_large");
  expect(client.received()).toStartWith("HTTP/1.1 413 ");
  client.socket.destroy();
});

faultTest("[row 57] a body of exactly 32 MB is taken, one byte more is not", async (stage) => {
  stage.upstream.respondWith(() => json(completionOf({ text: "taken" })));
  const largest = 32 * 1024 * 1024;
  for (const [bytes, told] of [
    [largest, "HTTP/1.1 200 "],
    [largest + 1, "HTTP/1.1 413 "],
  ] as const) {
    const text = JSON.stringify(hello).padEnd(bytes);
    const announced = await sendRaw(stage, { "content-length": String(bytes) }, text);
    const chunked = `${bytes.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
    const unannounced = await sendRaw(stage, { "transfer-encoding": "chunked" }, chunked);
    for (const client of [announced, unannounced]) {
      await client.hears("request-id");
      expect(client.received()).toStartWith(told);
      client.socket.destroy();
    }
  }
});

faultTest("[row 58] a length smaller than what is sent", async (stage) => {
  const { closed } = await sendRaw(stage, { "content-length": "10" }, body);
  const answer = await closed(15_000);
  expect(answer).toStartWith("HTTP/1.1 400 ");
  expect(stage.upstream.requests.length).toBe(1);
});

faultTest("[row 61] Expect: 100-continue", async (stage) => {
  stage.upstream.reply(json(completionOf({ text: "hello" })));
  const text = JSON.stringify(hello);
  const headers = { expect: "100-continue", "content-length": String(text.length), connection: "close" };
  const client = await sendRaw(stage, headers, "");
  await client.hears("100 Continue");
  client.socket.write(text);
  expect(await client.closed(2 * soonMs)).toContain('"text":"hello"');
});

faultTest("[row 61] three requests in one go are answered in their order", async (stage) => {
  const { port } = stage.proxy;
  const paths = ["/health", "/v1/nothing", "/health"];
  for (const _ of paths) stage.noteRequest();
  const heads = paths.map(
    (path) => `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-api-key: ${canaries.clientKey}\r\n\r\n`,
  );
  const client = await connectRaw(port, heads.join(""));
  while (client.received().split("HTTP/1.1 ").length < 4) await Bun.sleep(5);
  expect(client.received().match(/HTTP\/1\.1 \d+/g)).toEqual([
    "HTTP/1.1 200",
    "HTTP/1.1 404",
    "HTTP/1.1 200",
  ]);
  client.socket.destroy();
});

faultTest("[row 61] HTTP/1.0 and an absolute address", async ({ proxy, noteRequest }) => {
  const host = `127.0.0.1:${proxy.port}`;
  for (const line of ["GET /health HTTP/1.0", "GET http://evil.example/health HTTP/1.1"]) {
    noteRequest();
    const client = await connectRaw(proxy.port, `${line}\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
    expect(await client.closed(2 * soonMs)).toStartWith("HTTP/1.1 200 ");
  }
});

faultTest("[row 67] a compressed body is refused", async (stage) => {
  stage.noteRequest();
  const response = await stage.post("x", { headers: { "content-encoding": "gzip" } });
  expect(await readFailure(response)).toEqual([
    415,
    "invalid_request_error",
    "content-encoding: send the body uncompressed",
  ]);
});
