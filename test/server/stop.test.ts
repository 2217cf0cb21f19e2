import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RequestRecord } from "../../src/logging/request-record.ts";
import { type ProxyOptions, startProxy } from "../../src/server/start-proxy.ts";
import { connectRaw, requestHead } from "../faults/raw-client.ts";
import { chunk, stopChunk, usageChunk } from "../support/chunks.ts";
import { type BodyStep, sse, sseOf } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello } from "../support/start-pair.ts";
import { createTestConfig } from "../support/test-config.ts";
import { startUpstream } from "../support/upstream.ts";

const streamed = JSON.stringify({ ...hello, stream: true });

/** A server that can be stopped as a signal stops it. */
async function startStoppable(options: Partial<ProxyOptions> = {}) {
  const upstream = await startUpstream();
  const folder = await mkdtemp(join(tmpdir(), "claude-proxy-stop-"));
  const records: RequestRecord[] = [];
  const silent = () => {};
  const proxy = await startProxy({
    config: createTestConfig({ baseUrl: upstream.baseUrl, logFilePath: join(folder, "proxy.log") }),
    logger: {
      isDebug: false,
      info: silent,
      warn: silent,
      error: silent,
      debugBody: silent,
      request: (record) => void records.push(record),
      close: silent,
    },
    version: "0.0.0-test",
    ...options,
  });
  return {
    upstream,
    proxy,
    records,
    send: (headers: Record<string, string>, text: string) =>
      connectRaw(proxy.port, requestHead(proxy.port, headers) + text),
    /** How long it takes, milliseconds. */
    stop: async () => {
      const startedAtMs = performance.now();
      await proxy.stop();
      return performance.now() - startedAtMs;
    },
    [Symbol.asyncDispose]: async () => {
      await proxy.stopNow();
      await upstream.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Goes on in small steps until its socket is closed. */
function drip(socket: { write(text: string): unknown }, text: string): Disposable {
  const timer = setInterval(() => socket.write(text), 50);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

describe("[F18] a server that stops waits for answers only", () => {
  test("half heads, silent connections and dripping bodies end with it at once", async () => {
    await using server = await startStoppable();
    const { port } = server.proxy;
    const head = requestHead(port, {});
    const half = await connectRaw(port, head.slice(0, -2));
    const silent = await connectRaw(port, "");
    const small = await server.send({ "content-length": "9000" }, "{");
    const large = await server.send({ "content-length": "900000" }, "{");
    const chunked = await server.send({ "transfer-encoding": "chunked" }, "1\r\n{\r\n");
    const refused = await server.send({ "content-length": "900000000" }, "{");
    using _half = drip(half.socket, "x-drop: 1\r\n");
    using _small = drip(small.socket, " ");
    using _large = drip(large.socket, " ");
    using _chunked = drip(chunked.socket, "1\r\n \r\n");
    using _refused = drip(refused.socket, " ");
    await refused.hears("request_too_large");
    await Bun.sleep(100);
    expect(await server.stop()).toBeLessThan(soonMs);
    for (const client of [small, large, chunked]) {
      expect(await client.closed(soonMs)).toMatch(
        /^HTTP\/1\.1 529 [\s\S]*claude-proxy is stopping; please try again/,
      );
    }
    expect(await half.closed(soonMs)).toBe("");
    expect(await refused.closed(soonMs)).toStartWith("HTTP/1.1 413 ");
    silent.socket.destroy();
    expect(server.records.map(({ status }) => status).sort()).toEqual([413, 529, 529, 529]);
  });

  test("an answer that is under way has its time, whatever else comes and drips", async () => {
    await using server = await startStoppable({ drainMs: 15_000 });
    const event = (value: object) => new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`);
    let mayGoOn = false;
    const slow = function* (): Generator<BodyStep> {
      yield event(chunk({ content: "one" }));
      while (!mayGoOn) yield { waitMs: 10 };
      yield event(chunk({ content: " two" }, "stop"));
      yield event(usageChunk());
      yield new TextEncoder().encode("data: [DONE]\n\n");
    };
    server.upstream.reply(sseOf(slow()));
    const client = await server.send({ "content-length": String(streamed.length) }, streamed);
    await client.hears("one");
    const upload = await server.send({ "content-length": "900000" }, "{");
    await Bun.sleep(50);
    let hasStopped = false;
    const stopped = server.stop().finally(() => {
      hasStopped = true;
    });
    expect(await upload.closed(soonMs)).toStartWith("HTTP/1.1 529 ");
    await Bun.sleep(300);
    expect(hasStopped).toBe(false);
    mayGoOn = true;
    await stopped;
    expect(await client.closed(soonMs)).toContain("message_stop");
    expect(server.records.map(({ status }) => status)).toEqual([529, 200]);
  });

  test("a client takes the last bytes of a long answer at its own pace", async () => {
    await using server = await startStoppable({ drainMs: 15_000 });
    const text = "x".repeat(24 * 1024 * 1024);
    const pieces = Array.from({ length: 24 }, () => chunk({ content: text.slice(0, 1024 * 1024) }));
    server.upstream.reply(sse([...pieces, stopChunk, usageChunk()]));
    const body = JSON.stringify(hello);
    const client = await server.send({ "content-length": String(body.length) }, body);
    await client.hears("HTTP/1.1 200");
    client.socket.pause();
    const stopped = server.stop();
    await Bun.sleep(600);
    client.socket.resume();
    expect(await stopped).toBeWithin(550, 10_000);
    expect((await client.closed(soonMs))?.length).toBeGreaterThan(text.length);
  });
});

test("[row 72] a client that does not take its last word is cut off when the time for that is over", async () => {
  await using server = await startStoppable({ drainMs: 100, lastWordMs: 400 });
  const text = Buffer.from(`data: ${JSON.stringify(chunk({ content: "x".repeat(16_384) }))}\n\n`);
  const endless = function* (): Generator<BodyStep> {
    while (true) yield text;
  };
  server.upstream.reply(sseOf(endless()));
  const client = await server.send({ "content-length": String(streamed.length) }, streamed);
  client.socket.pause();
  await server.upstream.request(0);
  await Bun.sleep(800);
  expect(await server.stop()).toBeWithin(480, soonMs);
  client.socket.destroy();
});

test("a server that is to stop at once ends what runs, and takes nothing more", async () => {
  await using server = await startStoppable();
  server.upstream.reply(sseOf([{ waitMs: 20_000 }]));
  const client = await server.send({ "content-length": String(streamed.length) }, streamed);
  await server.upstream.request(0);
  await server.proxy.stopNow();
  expect(await client.closed(soonMs)).not.toBeNull();
  await expect(fetch(server.proxy.url)).rejects.toThrow();
});

describe("a stop behind a balancer", () => {
  const ask = (port: number, path = "/ready") =>
    fetch(`http://127.0.0.1:${port}${path}`, { keepalive: false });
  const post = (port: number) =>
    fetch(`http://127.0.0.1:${port}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: streamed,
    });

  test("during the delay it is not ready, serves what comes and keeps no connection; then the port closes", async () => {
    await using server = await startStoppable({ drainDelayMs: 1_000 });
    const { port } = server.proxy;
    const answers = () => sse([chunk({ content: "one" }), stopChunk, usageChunk()]);
    server.upstream.respondWith(answers);
    const ready = await ask(port);
    expect([ready.status, await ready.text(), ready.headers.get("connection")]).toEqual([
      200,
      '{"status":"ok"}',
      null,
    ]);
    const kept = await connectRaw(
      port,
      requestHead(port, { "content-length": String(streamed.length) }) + streamed,
    );
    await kept.hears("message_stop");

    let hasStopped = false;
    const stopped = server.stop().finally(() => {
      hasStopped = true;
    });
    const refused = await ask(port);
    expect([refused.status, await refused.text(), refused.headers.get("connection")]).toEqual([
      503,
      '{"status":"stopping"}',
      "close",
    ]);
    expect((await ask(port, "/health")).status).toBe(200);
    const streamedAnswer = await post(port);
    expect([streamedAnswer.status, streamedAnswer.headers.get("connection")]).toEqual([200, "close"]);
    expect(await streamedAnswer.text()).toContain("message_stop");
    // The connection of before gets one more answer, and its end.
    kept.socket.write(requestHead(port, { "content-length": String(streamed.length) }) + streamed);
    expect((await kept.closed(soonMs))?.split("message_stop\n").length).toBe(3);
    expect(hasStopped).toBe(false);
    expect(await stopped).toBeWithin(950, 1_000 + soonMs);
    await expect(ask(port)).rejects.toThrow();
    expect(server.upstream.requests.length).toBe(3);
  });

  test("a body that is still arriving when the port closes is read to its end and answered", async () => {
    await using server = await startStoppable({ drainDelayMs: 100, drainMs: 15_000 });
    const { port } = server.proxy;
    server.upstream.respondWith(() => sse([chunk({ content: "one" }), stopChunk, usageChunk()]));
    const client = await server.send({ "content-length": String(streamed.length) }, streamed.slice(0, 10));
    await Bun.sleep(50);
    const stopped = server.stop();
    while (
      await ask(port).then(
        () => true,
        () => false,
      )
    )
      await Bun.sleep(10);
    client.socket.write(streamed.slice(10));
    expect(await client.closed(soonMs)).toContain("message_stop");
    await stopped;
    expect(server.records.map(({ status }) => status).filter((status) => status !== 503)).toEqual([200]);
  });

  test("a body that never ends has as long as an answer", async () => {
    await using server = await startStoppable({ drainDelayMs: 100, drainMs: 300 });
    const client = await server.send({ "content-length": "9000" }, "{");
    await Bun.sleep(50);
    expect(await server.stop()).toBeWithin(390, soonMs);
    expect(await client.closed(soonMs)).toStartWith("HTTP/1.1 529 ");
  });

  test("whoever is in a hurry waits for no delay", async () => {
    await using server = await startStoppable({ drainDelayMs: 60_000 });
    const stopped = server.stop();
    const startedAtMs = performance.now();
    await server.proxy.stopNow();
    await stopped;
    expect(performance.now() - startedAtMs).toBeLessThan(soonMs);
    await expect(ask(server.proxy.port)).rejects.toThrow();
  });

  test("without a delay, too, an answer that begins after the signal keeps no connection", async () => {
    await using server = await startStoppable();
    server.upstream.reply(sse([chunk({ content: "one" }), stopChunk, usageChunk()], { headDelayMs: 300 }));
    const answer = post(server.proxy.port);
    await server.upstream.request(0);
    const stopped = server.stop();
    const response = await answer;
    expect([response.status, response.headers.get("connection")]).toEqual([200, "close"]);
    expect(await response.text()).toContain("message_stop");
    await stopped;
  });
});
