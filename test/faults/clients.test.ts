import { expect } from "bun:test";
import { chunk, chunksOf, completionOf } from "../support/chunks.ts";
import { json, silence, sse, sseOf } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { faultTest } from "./fault-test.ts";
import { whole } from "./outcomes.ts";
import { connectRaw, requestHead } from "./raw-client.ts";
import { canaries, type Stage } from "./stage.ts";

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

/** The record says that the client went, the upstream has heard it within a second, and nothing was sent twice. */
async function expectGone(stage: Stage, leftAtMs: number, requests: number): Promise<void> {
  const closedAtMs = await stage.upstream.requests[requests]?.closedByPeer;
  if (closedAtMs !== undefined) expect((closedAtMs ?? Number.NaN) - leftAtMs).toBeWithin(0, 1000);
  const { status, phase, errorType } = await stage.record(0);
  expect({ status, phase, errorType }).toEqual({ status: 499, phase: "client", errorType: null });
  expect(stage.upstream.requests.length).toBe(requests === 0 ? 1 : 2);
}

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

faultTest(
  "[row 56] a client that reads nothing makes the upstream wait, and is cut off",
  async (stage) => {
    const text = Buffer.from(`data: ${JSON.stringify(chunk({ content: "x".repeat(16_384) }))}\n\n`);
    stage.upstream.reply(
      sseOf(
        (function* () {
          while (true) yield text;
        })(),
      ),
    );
    const client = await sendRaw(stage, { "content-length": String(body.length) }, body);
    client.socket.pause();
    const { sentBytes, closedByPeer } = await stage.upstream.request(1);
    await Bun.sleep(1500);
    const taken = sentBytes();
    await Bun.sleep(500);
    expect(sentBytes()).toBe(taken);
    expect(taken).toBeLessThan(64 * 1024 * 1024);
    const cutAtMs = await closedByPeer;
    expect(cutAtMs).toEqual(expect.any(Number));
    expect((await stage.record(0)).status).toBe(499);
    client.socket.destroy();
  },
  { pace: { clientIdleSeconds: 4, pingMs: 1000 }, timeLimitMs: 20_000 },
);

faultTest("[row 57] 100 MB with a length", async (stage) => {
  const client = await sendRaw(stage, { "content-length": "104857600" }, "{");
  await client.hears("request_too_large");
  expect(client.received()).toStartWith("HTTP/1.1 413 ");
  client.socket.destroy();
});

faultTest("[row 57] 100 MB in chunks end at 32 MB", async (stage) => {
  Bun.gc(true);
  const before = process.memoryUsage.rss();
  const piece = `100000\r\n${" ".repeat(0x100000)}\r\n`;
  const client = await sendRaw(stage, { "transfer-encoding": "chunked" }, "");
  for (let sent = 0; sent < 100 && client.received() === ""; sent += 1) {
    if (!client.socket.write(piece)) await new Promise((resolve) => client.socket.once("drain", resolve));
  }
  await client.hears("request_too_large");
  expect(client.received()).toStartWith("HTTP/1.1 413 ");
  expect(process.memoryUsage.rss() - before).toBeLessThan(160 * 1024 * 1024);
  client.socket.destroy();
});

faultTest("[row 58] a length larger than what is sent", async (stage) => {
  const client = await sendRaw(stage, { "content-length": String(body.length + 10) }, body);
  expect(await client.closed(15_000)).toBe("");
  expect((await stage.record(0)).status).toBe(499);
});

faultTest("[row 58] a length smaller than what is sent", async (stage) => {
  const { closed } = await sendRaw(stage, { "content-length": "10" }, body);
  const answer = await closed(15_000);
  expect(answer).toStartWith("HTTP/1.1 400 ");
  expect(stage.upstream.requests.length).toBe(1);
});

faultTest(
  "[row 59] an upload of 1 MB that takes 30 seconds",
  async (stage) => {
    stage.upstream.reply(json(completionOf({ text: "taken" })));
    const long = JSON.stringify({ ...hello, system: "x".repeat(1024 * 1024) });
    const client = await sendRaw(stage, { "content-length": String(long.length), connection: "close" }, "");
    const steps = 60;
    for (let step = 0; step < steps; step += 1) {
      client.socket.write(long.slice((long.length * step) / steps, (long.length * (step + 1)) / steps));
      await Bun.sleep(500);
    }
    expect(await client.closed(5_000)).toContain('"text":"taken"');
  },
  { timeLimitMs: 45_000 },
);

faultTest(
  "[row 60] 500 clients that send their head or their body drop by drop",
  async (stage) => {
    const clients = await Promise.all(
      Array.from({ length: 500 }, (_, index) => {
        const head = requestHead(stage.proxy.port, {
          "x-api-key": canaries.clientKey,
          "content-length": "9000",
        });
        if (index % 2 === 0) return connectRaw(stage.proxy.port, head.slice(0, -2));
        stage.noteRequest();
        return connectRaw(stage.proxy.port, `${head}{`);
      }),
    );
    const drip = setInterval(() => {
      for (const [index, { socket }] of clients.entries()) {
        if (!socket.destroyed) socket.write(index % 2 === 0 ? "x-drop: 1\r\n" : " ");
      }
    }, 1000);
    const startedAtMs = performance.now();
    stage.upstream.reply(json(completionOf({ text: "hello" })));
    expect((await stage.ask(hello)).outcome).toEqual(whole("hello"));
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
    const ends = await Promise.all(clients.map(({ closed }) => closed(16_000)));
    clearInterval(drip);
    expect(ends.filter((end) => end === null).length).toBe(0);
  },
  { timeLimitMs: 30_000 },
);

faultTest("[row 61] Expect: 100-continue", async (stage) => {
  stage.upstream.reply(json(completionOf({ text: "hello" })));
  const text = JSON.stringify(hello);
  const headers = { expect: "100-continue", "content-length": String(text.length), connection: "close" };
  const client = await sendRaw(stage, headers, "");
  await client.hears("100 Continue");
  client.socket.write(text);
  expect(await client.closed(2000)).toContain('"text":"hello"');
});

faultTest("[row 61] three requests in one go are answered in their order", async (stage) => {
  const replies = ["first", "second", "third"];
  stage.upstream.respondWith(({ rawBody }) => {
    const text = replies.find((word) => rawBody.includes(word)) ?? "";
    return json(completionOf({ text }), { headDelayMs: text === "first" ? 200 : 0 });
  });
  const requests = replies.map((word) => {
    const text = JSON.stringify({ ...hello, messages: [{ role: "user", content: word }] });
    stage.noteRequest();
    return (
      requestHead(stage.proxy.port, {
        "x-api-key": canaries.clientKey,
        "content-length": String(text.length),
      }) + text
    );
  });
  const client = await connectRaw(stage.proxy.port, requests.join(""));
  await client.hears('"text":"third"');
  const positions = replies.map((word) => client.received().indexOf(`"text":"${word}"`));
  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  expect(client.received().split("HTTP/1.1 200").length - 1).toBe(3);
  client.socket.destroy();
});

faultTest("[row 67] a body that is compressed", async (stage) => {
  const answer = await stage.ask(hello, {});
  expect(answer.outcome.status).toBe(500);
});
