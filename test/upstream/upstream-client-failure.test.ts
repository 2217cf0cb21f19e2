import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createServer } from "node:net";
import { z } from "zod";
import type { UpstreamError } from "../../src/upstream/upstream-error.ts";
import { hangUp, json, type Reply, silence, sse, sseOf } from "../support/reply.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { clientOf, failureOf, readAll, said, send, sourceOf } from "./client-of.ts";
import { chunk } from "./plain-items.ts";

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.stop());

const encoder = new TextEncoder();
const host = (): string => new URL(upstream.baseUrl).host;

/** Sends one request to the upstream of the tests, and counts what arrives there. */
async function sendCounted(replies: Reply[]): Promise<{ error: UpstreamError; requests: number }> {
  const before = upstream.requests.length;
  for (const reply of replies) upstream.reply(reply);
  const error = await failureOf(send(clientOf(upstream.baseUrl)));
  return { error, requests: upstream.requests.length - before };
}

/** A server that resets every connection at its second request, as one does that has just given it up. */
async function startForgetfulServer() {
  const server = createServer((socket) => {
    socket.once("data", async () => {
      await Bun.sleep(20);
      socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}");
      socket.once("data", () => socket.resetAndDestroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { baseUrl: `http://127.0.0.1:${port}/v1`, stop: () => server.close() };
}

/** A server that answers its first connection, and closes every other one unheard. */
async function startSlammingServer() {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    if (connections > 1) return void socket.resetAndDestroy();
    socket.once("data", () =>
      socket.end(
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    connections: () => connections,
    stop: () => server.close(),
  };
}

describe("a connection that fails before the answer", () => {
  test.each(["fin", "reset"] as const)(
    "(%s) is tried once more, and the client hears nothing of it",
    async (end) => {
      const before = upstream.requests.length;
      upstream.reply(hangUp(end));
      upstream.reply(sse([{ a: 1 }]));
      const answer = await send(clientOf(upstream.baseUrl));
      expect(answer.info).toEqual({ upstreamRequestId: null, attempts: 2 });
      expect((await readAll(answer)).flat()).toEqual([chunk({ a: 1 }), { kind: "done" }]);
      expect(upstream.requests.length - before).toBe(2);
    },
  );

  test("is tried on a fresh one, since all that were kept may be stale", async () => {
    const { baseUrl, stop } = await startForgetfulServer();
    try {
      const client = clientOf(baseUrl);
      await Promise.all([send(client), send(client)]);
      expect((await send(client)).info.attempts).toBe(2);
    } finally {
      stop();
    }
  });

  test("[5.2:network 5.4:retries] twice is a network error", async () => {
    const { error, requests } = await sendCounted([hangUp("reset"), hangUp("reset")]);
    expect(said(error)).toEqual({
      kind: "network",
      message: `cannot reach ${host()}: ECONNRESET. It closed the connection without an answer. If it speaks TLS, BASE_URL must begin with https://`,
      status: undefined,
      body: undefined,
      headers: {},
      phase: "connect",
      host: host(),
      attempts: 2,
    });
    expect(requests).toBe(2);
  });

  test("[5.2:network] so is a refused one", async () => {
    const gone = await startUpstream();
    await gone.stop();
    const error = await failureOf(send(clientOf(gone.baseUrl)));
    const { host } = new URL(gone.baseUrl);
    expect({ message: error.message, attempts: error.attempts, phase: error.phase }).toEqual({
      message: expect.stringContaining(`cannot reach ${host}: ECONNREFUSED. Is the server running`),
      attempts: 2,
      phase: "connect",
    });
    expect(error.setUp).toBeUndefined();
  });

  test("[5.2:network] so is a host that does not exist", async () => {
    const error = await failureOf(send(clientOf("http://no-such-host.invalid/v1")));
    expect({ message: error.message, attempts: error.attempts, setUp: error.setUp }).toEqual({
      message:
        "cannot reach no-such-host.invalid: ENOTFOUND. The host name is unknown. Check the host in BASE_URL, and the network",
      attempts: 2,
      setUp: "doubtful",
    });
  });

  test("[5.2:network] a server that speaks no TLS is not tried again", async () => {
    let connections = 0;
    const plain = createServer((socket) => {
      connections += 1;
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    });
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = z.object({ port: z.number() }).parse(plain.address());
      const error = await failureOf(send(clientOf(`https://127.0.0.1:${port}/v1`)));
      expect({ kind: error.kind, message: error.message, attempts: error.attempts, connections }).toEqual({
        kind: "network",
        message: `cannot reach 127.0.0.1:${port}: EPROTO. TLS could not be negotiated. If the server at this port does not use TLS, BASE_URL must begin with http://`,
        attempts: 1,
        connections: 1,
      });
      expect(error.setUp).toBe("doubtful");
    } finally {
      plain.close();
    }
  });

  test("[5.5:network] a server that speaks no HTTP is not tried again", async () => {
    let connections = 0;
    const other = createServer((socket) => {
      connections += 1;
      socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.2\r\nInvalid SSH identification string.\r\n"));
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = z.object({ port: z.number() }).parse(other.address());
      const error = await failureOf(send(clientOf(`http://127.0.0.1:${port}/v1`)));
      expect({ message: error.message, setUp: error.setUp, connections }).toEqual({
        message: `cannot reach 127.0.0.1:${port}: Malformed_HTTP_Response. The server there does not speak HTTP. Check the host and the port in BASE_URL`,
        setUp: "doubtful",
        connections: 1,
      });
    } finally {
      other.close();
    }
  });

  test("[5.5:network] a server with TLS that is spoken to without is known as one", async () => {
    const folder = new URL("../fixtures/certificates/", import.meta.url);
    const secure = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      tls: {
        key: Bun.file(new URL("server-key.pem", folder)),
        cert: Bun.file(new URL("self-signed.pem", folder)),
      },
      fetch: () => new Response("never"),
    });
    try {
      const error = await failureOf(send(clientOf(`http://127.0.0.1:${secure.port}/v1`)));
      expect({ message: error.message, attempts: error.attempts, setUp: error.setUp }).toEqual({
        message: `127.0.0.1:${secure.port} speaks TLS. The setting BASE_URL must begin with https://`,
        attempts: 2,
        setUp: "wrong",
      });
    } finally {
      await secure.stop(true);
    }
  });

  test("[5.5:network] an upstream that has answered is not asked whether it speaks TLS", async () => {
    const { baseUrl, connections, stop } = await startSlammingServer();
    try {
      const client = clientOf(baseUrl);
      await send(client);
      await failureOf(send(client));
      expect(connections()).toBe(3);
    } finally {
      stop();
    }
  });
});

describe("a body that breaks", () => {
  const first = encoder.encode('data: {"a":1}\n\n');
  const framedTooLong = {
    head: "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 1000\r\n\r\n",
    chunked: false,
  };
  const broken: [string, Reply][] = [
    ["by a reset", sseOf([first, { waitMs: 30 }, encoder.encode("data: {"), { waitMs: 30 }], "reset")],
    ["without its last chunk", sseOf([first, { waitMs: 30 }], "fin")],
    ["before its length", { ...sseOf([first, { waitMs: 30 }], "fin"), ...framedTooLong }],
  ];
  test.each(broken)("%s rejects after what came", async (_name, reply) => {
    upstream.reply(reply);
    const source = sourceOf(await send(clientOf(upstream.baseUrl)));
    expect(await source.read()).toEqual([chunk({ a: 1 })]);
    const error = await failureOf(source.read());
    expect(said(error)).toEqual({
      kind: "network",
      message: `The connection to ${host()} broke: ECONNRESET`,
      status: undefined,
      body: undefined,
      headers: {},
      phase: "body",
      host: host(),
      attempts: 1,
    });
    expect(await source.read()).toBeNull();
  });

  test("by a chunk that is none rejects", async () => {
    const reply = sseOf([], "fin");
    upstream.reply({ ...reply, chunked: false, body: [encoder.encode('e\r\ndata: {"a":1}\n\r\nzz\r\nx')] });
    const source = sourceOf(await send(clientOf(upstream.baseUrl)));
    const error = await failureOf(readToEnd(source));
    expect({ kind: error.kind, message: error.message }).toEqual({
      kind: "network",
      message: `The connection to ${host()} broke: InvalidHTTPResponse`,
    });
  });
});

async function readToEnd(source: { read(): Promise<unknown> }): Promise<void> {
  while ((await source.read()) !== null);
}

describe("silence", () => {
  test("[5.2:timeout] before the head is a timeout", async () => {
    upstream.reply(silence());
    const index = upstream.requests.length;
    const error = await failureOf(send(clientOf(upstream.baseUrl, { limits: { firstByteMs: 60 } })));
    expect(said(error)).toEqual({
      kind: "timeout",
      message: `${host()} did not answer within 0.06 seconds`,
      status: undefined,
      body: undefined,
      headers: {},
      phase: "first_byte",
      host: host(),
      attempts: 1,
    });
    expect(await (await upstream.request(index)).closedByPeer).toBeNumber();
  });

  test("[5.2:timeout] is not counted once the head is there", async () => {
    upstream.reply(sse([{ a: 1 }, { b: 2 }], { paceMs: 300 }));
    const answer = await send(clientOf(upstream.baseUrl, { limits: { firstByteMs: 400 } }));
    expect((await readAll(answer)).flat()).toEqual([chunk({ a: 1 }), chunk({ b: 2 }), { kind: "done" }]);
  });

  test("[4.7:silent] in the body is a timeout", async () => {
    upstream.reply(sseOf([encoder.encode('data: {"a":1}\n\n')], "stall"));
    const index = upstream.requests.length;
    const source = sourceOf(await send(clientOf(upstream.baseUrl, { limits: { idleMs: 60 } })));
    expect(await source.read()).toEqual([chunk({ a: 1 })]);
    const error = await failureOf(source.read());
    expect({ kind: error.kind, message: error.message, phase: error.phase }).toEqual({
      kind: "timeout",
      message: `${host()} sent nothing for 0.06 seconds`,
      phase: "idle",
    });
    expect(await (await upstream.request(index)).closedByPeer).toBeNumber();
  });

  test("[4.7:silent] in a whole answer is a timeout", async () => {
    upstream.reply(json({ a: 1 }, { headers: { "content-length": "100" }, end: "stall" }));
    const limits = { firstByteMs: 300, idleMs: 300 };
    const error = await failureOf(send(clientOf(upstream.baseUrl, { limits })));
    expect({ kind: error.kind, phase: error.phase }).toEqual({ kind: "timeout", phase: "idle" });
  });

  test("[4.7:silent] before the first piece may last as long as that before the head", async () => {
    upstream.reply(sseOf([{ waitMs: 400 }, encoder.encode("data: [DONE]\n\n")]));
    const limits = { firstByteMs: 5000, idleMs: 100 };
    const answer = await send(clientOf(upstream.baseUrl, { limits }));
    expect(await readAll(answer)).toEqual([[{ kind: "done" }]]);
  });

  test("[4.7:silent] has no limit where there is none", async () => {
    const pieces = [{ waitMs: 200 }, encoder.encode('data: {"a":1}\n\n'), { waitMs: 200 }];
    upstream.reply({ ...sseOf([...pieces, encoder.encode("data: [DONE]\n\n")]), headDelayMs: 200 });
    const none = Number.POSITIVE_INFINITY;
    const answer = await send(clientOf(upstream.baseUrl, { limits: { firstByteMs: none, idleMs: none } }));
    expect((await readAll(answer)).flat()).toEqual([chunk({ a: 1 }), { kind: "done" }]);
  });

  test("[4.7:silent] is broken by comments", async () => {
    const comment = encoder.encode(": hi\n\n");
    const comments = Array.from({ length: 12 }, () => [comment, { waitMs: 100 }]).flat();
    upstream.reply(sseOf([...comments, encoder.encode("data: [DONE]\n\n")]));
    const answer = await send(clientOf(upstream.baseUrl, { limits: { idleMs: 1000 } }));
    expect(await readAll(answer)).toEqual([[{ kind: "done" }]]);
  });

  test("[4.7:silent] of ours does not count", async () => {
    upstream.reply(sse([{ a: 1 }, { b: 2 }], { paceMs: 20 }));
    const source = sourceOf(await send(clientOf(upstream.baseUrl, { limits: { idleMs: 300 } })));
    expect(await source.read()).toEqual([chunk({ a: 1 })]);
    await Bun.sleep(400);
    expect((await source.read())?.[0]).toEqual(chunk({ b: 2 }));
    source.cancel();
  });
});
