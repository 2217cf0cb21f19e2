import { expect } from "bun:test";
import { chunk, completionOf } from "../support/chunks.ts";
import { json, sseOf } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello } from "../support/start-pair.ts";
import { untilStill } from "../support/until-still.ts";
import { faultTest } from "./fault-test.ts";
import { whole } from "./outcomes.ts";
import { countDescriptors, programTest } from "./program-test.ts";
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
    expect(await untilStill(sentBytes)).toBeLessThan(64 * 1024 * 1024);
    const cutAtMs = await closedByPeer;
    expect(cutAtMs).toEqual(expect.any(Number));
    expect((await stage.record(0)).status).toBe(499);
    client.socket.destroy();
  },
  { pace: { clientIdleSeconds: 12, pingMs: 1000 }, timeLimitMs: 40_000, waits: true },
);

faultTest(
  "[row 58] a length larger than what is sent",
  async (stage) => {
    const client = await sendRaw(stage, { "content-length": String(body.length + 10) }, body);
    expect(await client.closed(25_000)).toBe("");
    expect((await stage.record(0)).status).toBe(499);
  },
  { waits: true },
);

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
    expect(await client.closed(10_000)).toContain('"text":"taken"');
  },
  { timeLimitMs: 60_000, waits: true },
);

programTest(
  "[row 60] 500 clients that send their head or their body drop by drop",
  async ({ program, upstream, ask, noteRequest }) => {
    upstream.respondWith(() => json(completionOf({ text: "hello" })));
    await ask(hello);
    const before = countDescriptors(program, "socket");
    const clients = await Promise.all(
      Array.from({ length: 500 }, (_, index) => {
        const head = requestHead(program.port, {
          "x-api-key": canaries.clientKey,
          // Small bodies are read in one go, large ones piece by piece.
          "content-length": index % 4 === 1 ? "9000" : "900000",
        });
        if (index % 2 === 0) return connectRaw(program.port, head.slice(0, -2));
        noteRequest();
        return connectRaw(program.port, `${head}{`);
      }),
    );
    const drip = setInterval(() => {
      for (const [index, { socket }] of clients.entries()) {
        if (!socket.destroyed) socket.write(index % 2 === 0 ? "x-drop: 1\r\n" : " ");
      }
    }, 1000);
    const startedAtMs = performance.now();
    expect((await ask(hello)).outcome).toEqual(whole("hello"));
    expect(performance.now() - startedAtMs).toBeLessThan(soonMs);
    expect(countDescriptors(program, "socket")).toBeGreaterThan(450);
    const ends = await Promise.all(clients.map(({ closed }) => closed(30_000)));
    clearInterval(drip);
    expect(ends.filter((end) => end === null).length).toBe(0);
    // One answer may still be on its way.
    for (let tries = 0; tries < 100 && countDescriptors(program, "socket") > before; tries += 1)
      await Bun.sleep(20);
    expect(countDescriptors(program, "socket")).toBeLessThanOrEqual(before);
  },
  { timeLimitMs: 60_000, waits: true },
);
