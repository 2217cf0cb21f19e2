import { expect } from "bun:test";
import { chunk, chunksOf, completionOf, stopChunk } from "../support/chunks.ts";
import { noteFigure } from "../support/note-figure.ts";
import { type BodyStep, json, type Reply, silence, sse, sseOf } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello } from "../support/start-pair.ts";
import { objectOf, objectsOf } from "../support/strict/json.ts";
import type { RecordedRequest } from "../support/upstream.ts";
import { faultTest } from "./fault-test.ts";
import { brokenOff, refused, whole } from "./outcomes.ts";
import { type ProgramStage, programTest } from "./program-test.ts";
import { connectRaw, type RawClient, requestHead } from "./raw-client.ts";
import { canaries } from "./scene.ts";

const streamed = { ...hello, stream: true };

/** Clients that ask for a stream and wait. On bare sockets: a process sends no more than 256 requests with fetch. */
function connectMany({ program, noteRequest }: ProgramStage, count: number): Promise<RawClient[]> {
  const body = JSON.stringify(streamed);
  const headers = { "x-api-key": canaries.clientKey, "content-length": String(body.length) };
  const request = requestHead(program.port, headers) + body;
  noteRequest(count);
  return Promise.all(Array.from({ length: count }, () => connectRaw(program.port, request)));
}

/** What the user said in a chat request. */
function saidIn({ body }: RecordedRequest): string {
  return String(objectsOf(objectOf(body)["messages"]).at(-1)?.["content"]);
}

/** A stream that says "one", and "two" once it is told to go on. */
function createHeldReply(): { reply: Reply; goOn: () => void } {
  let mayGoOn = false;
  const event = (value: object) => new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`);
  const body = function* (): Generator<BodyStep> {
    yield event(chunk({ content: "one" }));
    while (!mayGoOn) yield { waitMs: 10 };
    yield event(chunk({ content: " two" }));
    yield event(stopChunk);
    yield new TextEncoder().encode("data: [DONE]\n\n");
  };
  const goOn = () => {
    mayGoOn = true;
  };
  return { reply: sseOf(body()), goOn };
}

async function isStopping({ program }: ProgramStage): Promise<void> {
  while (!program.output().includes("Stopping")) await Bun.sleep(5);
}

programTest(
  "[row 72] SIGTERM lets streams finish; nobody new is let in, and every record is there",
  async (stage) => {
    const { program, upstream } = stage;
    const held = createHeldReply();
    upstream.reply(json(completionOf({ text: "before" })));
    upstream.reply(held.reply);
    expect((await stage.ask(hello)).outcome).toEqual(whole("before"));
    const answer = stage.ask();
    await upstream.request(2);
    await Bun.sleep(50);
    program.kill("SIGTERM");
    await isStopping(stage);
    await expect(fetch(`${program.url}/health`, { keepalive: false })).rejects.toThrow();
    held.goOn();
    expect((await answer).outcome).toEqual(whole("one two"));
    await stage.endNeighbour();
    const endedAtMs = performance.now();
    expect(await program.exited).toBe(0);
    expect(performance.now() - endedAtMs).toBeLessThan(soonMs);
  },
  { ends: true },
);

// SIGALRM is what a limit on time sends, SIGQUIT a person (Ctrl+\\), SIGHUP a terminal that is closed.
for (const signal of ["SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM"] as const) {
  programTest(
    `[F17 row 72] ${signal} lets streams finish, as SIGTERM does`,
    async (stage) => {
      const { program, upstream } = stage;
      const held = createHeldReply();
      upstream.reply(held.reply);
      const answer = stage.ask();
      await upstream.request(1);
      await Bun.sleep(50);
      program.kill(signal);
      await isStopping(stage);
      held.goOn();
      expect((await answer).outcome).toEqual(whole("one two"));
      await stage.endNeighbour();
      const endedAtMs = performance.now();
      expect(await program.exited).toBe(0);
      expect(performance.now() - endedAtMs).toBeLessThan(soonMs);
    },
    { ends: true },
  );
}

programTest(
  "[F18 row 72] SIGTERM does not wait for half heads and dripping bodies",
  async (stage) => {
    const { program } = stage;
    await stage.endNeighbour();
    const headers = { "x-api-key": canaries.clientKey, "content-length": "900000" };
    const head = requestHead(program.port, headers);
    stage.noteRequest();
    const clients = await Promise.all(
      [head.slice(0, -2), `${head}{`].map((sent) => connectRaw(program.port, sent)),
    );
    const drip = setInterval(() => {
      for (const [index, { socket }] of clients.entries()) socket.write(index === 0 ? "x-drop: 1\r\n" : " ");
    }, 100);
    await Bun.sleep(300);
    const startedAtMs = performance.now();
    program.kill("SIGTERM");
    expect(await program.exited).toBe(0);
    expect(performance.now() - startedAtMs).toBeLessThan(soonMs);
    clearInterval(drip);
    expect(clients[1]?.received()).toStartWith("HTTP/1.1 529 ");
  },
  { ends: true },
);

programTest(
  "[row 72] the second signal ends everything at once",
  async (stage) => {
    const { program, upstream } = stage;
    upstream.reply(createHeldReply().reply);
    stage.noteRequest();
    const response = await stage.post(streamed);
    await stage.endNeighbour();
    program.kill("SIGINT");
    await isStopping(stage);
    const signalledAtMs = performance.now();
    program.kill("SIGINT");
    expect(await program.exited).toBe(0);
    expect(performance.now() - signalledAtMs).toBeLessThan(soonMs);
    await expect(response.text()).rejects.toThrow();
  },
  { ends: true },
);

programTest("[row 9] 300 silent streams do not starve a healthy one", async (stage) => {
  const { upstream } = stage;
  upstream.respondWith((request) =>
    saidIn(request) === "hi" ? silence() : sse([...chunksOf({ text: "still here" })]),
  );
  const silent = await connectMany(stage, 300);
  await upstream.request(300);
  const startedAtMs = performance.now();
  const healthy = { ...streamed, messages: [{ role: "user", content: "healthy" }] };
  expect((await stage.ask(healthy)).outcome).toEqual(whole("still here"));
  expect(performance.now() - startedAtMs).toBeLessThan(soonMs);
  for (const { socket } of silent) socket.destroy();
  const closings = await Promise.all(upstream.requests.slice(1, 301).map(({ closedByPeer }) => closedByPeer));
  expect(closings.filter((atMs) => atMs === null).length).toBe(0);
});

programTest(
  "[row 9] a program that may send only 256 requests refuses one more instead of letting it wait",
  async (stage) => {
    const { upstream } = stage;
    upstream.respondWith(silence);
    // The neighbour is the first of the 240 that may run.
    const running = await connectMany(stage, 239);
    await upstream.request(239);
    const startedAtMs = performance.now();
    const answer = await stage.ask();
    expect(performance.now() - startedAtMs).toBeLessThan(soonMs);
    expect([answer.outcome, answer.headers.get("retry-after")]).toEqual([
      refused(
        529,
        "overloaded_error",
        "claude-proxy is at its limit of 240 concurrent requests; please try again",
      ),
      "2",
    ]);
    for (const { socket } of running) socket.destroy();
  },
  { settings: { BUN_CONFIG_MAX_HTTP_REQUESTS: "256" } },
);

programTest(
  "[row 55] 100 clients that leave are heard of upstream soon, all of them",
  async (stage) => {
    const { upstream } = stage;
    upstream.respondWith(() => sse([chunk({ content: "one" })], { done: false, end: "stall" }));
    const delaysMs: number[] = [];
    for (let round = 1; round <= 100; round += 1) {
      const leave = new AbortController();
      stage.noteRequest();
      const response = await stage.post(streamed, { signal: leave.signal });
      const { closedByPeer } = await upstream.request(round);
      const leftAtMs = performance.now();
      leave.abort();
      await response.text().catch(() => null);
      delaysMs.push(((await closedByPeer) ?? Number.NaN) - leftAtMs);
    }
    noteFigure(55, `100 of 100, the slowest after ${Math.ceil(Math.max(...delaysMs))} ms`);
    expect(delaysMs.filter((delayMs) => !(delayMs < soonMs))).toEqual([]);
    const records = await stage.requestRecords(100);
    expect(new Set(records.map((record) => record["phase"]))).toEqual(new Set(["client"]));
  },
  { timeLimitMs: 60_000 },
);

// The limit is 30 s in the program; the server takes a shorter one.
const shortDrain = { drainMs: 300, hasEnded: true };

faultTest(
  "[row 72] a stream that outlives the limit of a drain ends with an error event",
  async (stage) => {
    stage.upstream.reply(sse([chunk({ content: "one" })], { done: false, end: "stall" }));
    const answer = stage.ask();
    await stage.upstream.request(1);
    await Bun.sleep(100);
    const neighbour = stage.endNeighbour();
    const startedAtMs = performance.now();
    await stage.proxy.stop();
    expect(performance.now() - startedAtMs).toBeWithin(290, soonMs);
    const { outcome, faults } = await answer;
    expect([outcome, faults]).toEqual([
      brokenOff("one", "overloaded_error", "claude-proxy is stopping; please try again"),
      [],
    ]);
    expect((await neighbour)?.outcome.end).toBe("end_turn");
  },
  shortDrain,
);

faultTest(
  "[row 72] a client that reads nothing does not hold a drain up",
  async (stage) => {
    stage.noteRequest();
    const text = Buffer.from(`data: ${JSON.stringify(chunk({ content: "x".repeat(16_384) }))}\n\n`);
    const endless = function* (): Generator<BodyStep> {
      while (true) yield text;
    };
    stage.upstream.reply(sseOf(endless()));
    const body = JSON.stringify(streamed);
    const headers = { "x-api-key": canaries.clientKey, "content-length": String(body.length) };
    const client = await connectRaw(stage.proxy.port, requestHead(stage.proxy.port, headers) + body);
    client.socket.pause();
    await stage.upstream.request(1);
    await Bun.sleep(1000);
    await stage.endNeighbour();
    const startedAtMs = performance.now();
    await stage.proxy.stop();
    expect(performance.now() - startedAtMs).toBeWithin(290, 2 * soonMs);
    client.socket.destroy();
  },
  shortDrain,
);
