import { describe, expect, test } from "bun:test";
import { connectRaw, type RawClient } from "../faults/raw-client.ts";
import { soonMs } from "../support/soon-ms.ts";
import { startTestProxy, type TestProxyOptions } from "../support/start-proxy.ts";

const MiB = 1024 * 1024;
const key = "a-key-of-clients";

/** What is taken may be this much more: the buffers of the kernel, on both sides. */
const bufferBytes = 16 * MiB;

/** Sends a request's head, and body without end, until the connection is closed; gives how much was taken. */
async function pour(port: number, [first, ...lines]: readonly string[]): Promise<[RawClient, bytes: number]> {
  const head = [first, `host: 127.0.0.1:${port}`, ...lines, "", ""].join("\r\n");
  const client = await connectRaw(port, head);
  const isChunked = lines.includes("transfer-encoding: chunked");
  const piece = isChunked ? `${MiB.toString(16)}\r\n${" ".repeat(MiB)}\r\n` : Buffer.alloc(MiB, 0x20);
  const { socket } = client;
  while (!socket.destroyed && socket.bytesWritten < 1024 * MiB) {
    if (socket.write(piece)) continue;
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.once("drain", resolve).once("close", resolve);
    await promise;
    socket.off("drain", resolve).off("close", resolve);
  }
  return [client, socket.bytesWritten];
}

const type = "content-type: application/json";
const announced = "content-length: 99999999999";
const chunked = "transfer-encoding: chunked";
const post = "POST /v1/messages HTTP/1.1";

const cases: [name: string, status: number, lines: string[]][] = [
  ["no key", 401, [post, type, announced]],
  ["no key, in chunks", 401, [post, type, chunked]],
  ["too large", 413, [post, type, announced, `x-api-key: ${key}`]],
  ["another content type, in chunks", 415, [post, "content-type: text/plain", chunked]],
  ["a page's origin, in chunks", 403, [post, type, chunked, "origin: http://evil.example"]],
  ["an unknown path, in chunks", 404, ["POST /v1/nothing HTTP/1.1", type, chunked, `x-api-key: ${key}`]],
  ["another method, in chunks", 405, ["PUT /v1/messages HTTP/1.1", type, chunked, `x-api-key: ${key}`]],
  ["telemetry, in chunks", 204, ["POST /api/event_logging/batch HTTP/1.1", type, chunked]],
  ["a probe with a body", 413, ["GET /health HTTP/1.1", announced]],
  ["a probe with a body, in chunks", 200, ["GET /health HTTP/1.1", chunked]],
];

async function startRefusing(options: TestProxyOptions = {}) {
  const proxy = await startTestProxy("http://127.0.0.1:9/v1", {
    settings: { proxyApiKey: key },
    ...options,
  });
  return { ...proxy, [Symbol.asyncDispose]: proxy.stop };
}

describe("[F23] behind an answer to a request whose body has no end, the connection is closed", () => {
  test.each(cases)("%s: %p", async (_, status, lines) => {
    const restBytes = 8 * MiB;
    await using proxy = await startRefusing({ uploads: { restBytes } });
    const [client, bytes] = await pour(proxy.port, lines);
    expect(bytes).toBeLessThan(restBytes + bufferBytes);
    // One that was cut off with its answer underway may not have it: what is read of the rest is for those that stop.
    if (client.received() !== "") expect(client.received()).toStartWith(`HTTP/1.1 ${status} `);
    await proxy.record(0);
    expect(proxy.records.map((record) => record.status)).toEqual([status]);
  });

  test("a body in chunks that grows too large", async () => {
    const restBytes = 8 * MiB;
    await using proxy = await startRefusing({ uploads: { restBytes } });
    const [, bytes] = await pour(proxy.port, [post, type, chunked, `x-api-key: ${key}`]);
    expect(bytes).toBeWithin(32 * MiB, 32 * MiB + restBytes + bufferBytes);
    expect((await proxy.record(0)).status).toBe(413);
  });

  test("one that drips is closed in time, and has its answer", async () => {
    await using proxy = await startRefusing({ uploads: { restMs: 1000 } });
    for (const lines of [
      [post, type, announced, `x-api-key: ${key}`],
      [post, type, chunked],
    ]) {
      const client = await connectRaw(
        proxy.port,
        [...lines, `host: 127.0.0.1:${proxy.port}`, "", ""].join("\r\n"),
      );
      const drip = setInterval(() => client.socket.write("1\r\n \r\n"), 50);
      const startedAtMs = performance.now();
      await client.hears('"type":"error"');
      expect(performance.now() - startedAtMs).toBeLessThan(800);
      expect(await client.closed(soonMs)).toMatch(/\r\nConnection: close\r\n[\s\S]*\}\r\n0\r\n\r\n$/);
      expect(performance.now() - startedAtMs).toBeWithin(900, soonMs);
      clearInterval(drip);
    }
  });
});

describe("[F23 row 57] clients that send 33 MB see the 413", () => {
  const bytes = 33 * MiB;
  const text = expect.stringContaining("exceeds the 32 MB limit");

  test.each([
    ["with a length", () => Buffer.alloc(bytes, 0x20)],
    [
      "in chunks",
      () => {
        let sentBytes = 0;
        return new ReadableStream<Uint8Array>({
          pull(controller) {
            sentBytes += MiB;
            if (sentBytes > bytes) controller.close();
            else controller.enqueue(new Uint8Array(MiB));
          },
        });
      },
    ],
  ])("%s", async (_, body) => {
    await using proxy = await startRefusing();
    for (let count = 0; count < 3; count += 1) {
      const answer = await fetch(`${proxy.url}/v1/messages`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": key },
        body: body(),
      });
      expect([answer.status, await answer.text()]).toEqual([413, text]);
    }
  });

  test("and one that reads nothing before it has sent everything", async () => {
    await using proxy = await startRefusing();
    const head = [
      post,
      type,
      `content-length: ${bytes}`,
      `x-api-key: ${key}`,
      `host: 127.0.0.1:${proxy.port}`,
      "",
      "",
    ];
    const client = await connectRaw(proxy.port, head.join("\r\n"));
    client.socket.pause();
    const { promise, resolve } = Promise.withResolvers<void>();
    client.socket.write(Buffer.alloc(bytes, 0x20), () => resolve());
    await promise;
    client.socket.resume();
    expect(await client.closed(5000)).toMatch(
      /^HTTP\/1\.1 413 [\s\S]*\r\ncontent-type: application\/json[\s\S]*\r\n\{[^\n]*"request_too_large"[^\n]*\}\r\n0\r\n\r\n$/i,
    );
  });
});

test("[F23] a body that was read whole leaves its connection open, however it came", async () => {
  await using proxy = await startRefusing();
  const chunks = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
  const head = [post, type, chunked, `x-api-key: ${key}`, `host: 127.0.0.1:${proxy.port}`, "", ""].join(
    "\r\n",
  );
  const client = await connectRaw(proxy.port, head + chunks("{"));
  await client.hears("not valid JSON");
  client.socket.write(head + chunks("[]"));
  while (client.received().split("HTTP/1.1 400").length < 3) await Bun.sleep(5);
  expect(client.socket.destroyed).toBe(false);
  client.socket.destroy();
});
