import { expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { type RunningProgram, startProgram } from "../support/start-program.ts";
import { startUpstream } from "../support/upstream.ts";
import { countDescriptors } from "./program-test.ts";
import { connectRaw, requestHead } from "./raw-client.ts";

// Linux and macOS have such a limit; only on Linux can it be seen from outside that it is reached.
const testOnLinux = test.skipIf(process.platform !== "linux");

const usage = { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 };

/** A program that may open so many descriptors, and an upstream that answers each request with "on". */
async function startShortProgram(descriptors: number) {
  const upstream = await startUpstream();
  upstream.respondWith(() => json({ ...completionOf({ text: "on" }), usage }));
  const program = await startProgram(upstream.baseUrl, {}, { descriptors });
  return {
    program,
    upstream,
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      await upstream.stop();
    },
  };
}

async function ask({ url }: RunningProgram): Promise<[number, string]> {
  const response = await fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(hello),
    keepalive: false,
  });
  return [response.status, await response.text()];
}

/** Connections that say nothing. Those that the program has no room for are taken by the system. */
async function connectSilently({ port }: RunningProgram, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect({ host: "127.0.0.1", port }));
  for (const socket of sockets) socket.on("error", () => socket.destroy());
  await Promise.all(
    sockets.map((socket) => new Promise((resolve) => socket.on("connect", resolve).on("close", resolve))),
  );
  return sockets;
}

/** The most descriptors that it has open within the time. */
async function watchDescriptors(program: RunningProgram, forMs: number): Promise<number> {
  const untilMs = performance.now() + forMs;
  let most = 0;
  while (performance.now() < untilMs && program.exitCode() === null) {
    most = Math.max(most, countDescriptors(program));
    await Bun.sleep(100);
  }
  return most;
}

testOnLinux.concurrent.each([64, 256, 1024, 4096])(
  "[F5] [row 82] a program with %d descriptors rides out silent connections that use them up, through its pauses",
  async (descriptors) => {
    await using stage = await startShortProgram(descriptors);
    const { program } = stage;
    expect(await ask(program)).toEqual([200, expect.stringContaining("on")]);
    const silent = await connectSilently(program, Math.ceil(descriptors * 1.05));
    // One second without a request memory is given back, after three the tokenizer's thread is started. What a
    // connection has not said anything is told to the program after one to three seconds only.
    expect(await watchDescriptors(program, 7000)).toBe(descriptors);
    expect([program.exitCode(), program.errorOutput()]).toEqual([null, ""]);
    for (const socket of silent) socket.destroy();
    expect(await ask(program)).toEqual([200, expect.stringContaining("on")]);
  },
  60_000,
);

testOnLinux.concurrent(
  "[F5] [row 82] 128 requests at once at a program with 64 descriptors all hear something, soon",
  async () => {
    await using stage = await startShortProgram(64);
    const { program } = stage;
    const body = JSON.stringify(hello);
    const request = requestHead(program.port, { "content-length": String(body.length) }) + body;
    const clients = await Promise.all(Array.from({ length: 128 }, () => connectRaw(program.port, request)));
    const isAnswered = ({ received }: { received(): string }) =>
      /^HTTP\/1\.1 (200|502|529) /.test(received());
    const startedAtMs = performance.now();
    while (!clients.every(isAnswered) && performance.now() - startedAtMs < 8000) await Bun.sleep(20);
    expect(clients.filter((client) => !isAnswered(client)).map(({ received }) => received())).toEqual([]);
    for (const { socket } of clients) socket.destroy();
    // Through the pauses behind them.
    await Bun.sleep(4500);
    expect([program.exitCode(), program.errorOutput()]).toEqual([null, ""]);
    expect(await ask(program)).toEqual([200, expect.stringContaining("on")]);
  },
  60_000,
);
