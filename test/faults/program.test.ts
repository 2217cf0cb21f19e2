import { expect, test } from "bun:test";
import { chunk, chunksOf, completionOf, stopChunk } from "../support/chunks.ts";
import { noteFigure } from "../support/note-figure.ts";
import { type BodyStep, json, type Reply, silence, sse, sseOf } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { startProgram } from "../support/start-program.ts";
import { objectOf, objectsOf } from "../support/strict/json.ts";
import { type RecordedRequest, startUpstream } from "../support/upstream.ts";
import { readAnswer } from "./answer.ts";
import { brokenOff, refused, whole } from "./outcomes.ts";
import { connectRaw, type RawClient, requestHead } from "./raw-client.ts";
import { canaries, openStage } from "./stage.ts";

const streamed = { ...hello, stream: true };

function post(url: string, body: object, signal?: AbortSignal): Promise<Response> {
  return fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Clients that ask for a stream and wait. On bare sockets: a process sends no more than 256 requests with fetch. */
function connectMany(port: number, count: number): Promise<RawClient[]> {
  const body = JSON.stringify(streamed);
  const request = requestHead(port, { "content-length": String(body.length) }) + body;
  return Promise.all(Array.from({ length: count }, () => connectRaw(port, request)));
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

test("[row 72] SIGTERM lets a stream finish; nobody new is let in, and every record is there", async () => {
  const upstream = await startUpstream();
  await using program = await startProgram(upstream.baseUrl);
  const held = createHeldReply();
  upstream.reply(json(completionOf({ text: "before" })));
  upstream.reply(held.reply);
  await (await post(program.url, hello)).text();
  const response = await post(program.url, streamed);
  program.kill("SIGTERM");
  while (!program.output().includes("Stopping")) await Bun.sleep(5);
  await expect(fetch(`${program.url}/health`, { keepalive: false })).rejects.toThrow();
  held.goOn();
  expect((await readAnswer(response)).outcome).toEqual(whole("one two"));
  const endedAtMs = performance.now();
  expect(await program.exited).toBe(0);
  expect(performance.now() - endedAtMs).toBeLessThan(1000);
  const requests = await program.requestRecords(2);
  expect(requests.map(({ status, stopReason }) => [status, stopReason])).toEqual([
    [200, "end_turn"],
    [200, "end_turn"],
  ]);
  await upstream.stop();
}, 15_000);

test("[row 72] the second signal ends everything at once", async () => {
  const upstream = await startUpstream();
  await using program = await startProgram(upstream.baseUrl);
  upstream.reply(createHeldReply().reply);
  const response = await post(program.url, streamed);
  program.kill("SIGINT");
  while (!program.output().includes("Stopping")) await Bun.sleep(5);
  const signalledAtMs = performance.now();
  program.kill("SIGINT");
  expect(await program.exited).toBe(0);
  expect(performance.now() - signalledAtMs).toBeLessThan(1000);
  await expect(response.text()).rejects.toThrow();
  await upstream.stop();
}, 15_000);

test("[row 9] 300 silent streams do not starve a healthy one", async () => {
  const upstream = await startUpstream();
  await using program = await startProgram(upstream.baseUrl);
  upstream.respondWith((request) =>
    saidIn(request) === "hi" ? silence() : sse([...chunksOf({ text: "still here" })]),
  );
  const silent = await connectMany(program.port, 300);
  await upstream.request(299);
  const startedAtMs = performance.now();
  const healthy = { ...streamed, messages: [{ role: "user", content: "healthy" }] };
  expect((await readAnswer(await post(program.url, healthy))).outcome).toEqual(whole("still here"));
  expect(performance.now() - startedAtMs).toBeLessThan(1000);
  for (const { socket } of silent) socket.destroy();
  const closings = await Promise.all(upstream.requests.slice(0, 300).map(({ closedByPeer }) => closedByPeer));
  expect(closings.filter((atMs) => atMs === null).length).toBe(0);
  await upstream.stop();
}, 30_000);

test("[row 9] a program that may send only 256 requests refuses one more instead of letting it wait", async () => {
  const upstream = await startUpstream();
  await using program = await startProgram(upstream.baseUrl, { BUN_CONFIG_MAX_HTTP_REQUESTS: "256" });
  upstream.respondWith(silence);
  const running = await connectMany(program.port, 240);
  await upstream.request(239);
  const startedAtMs = performance.now();
  const answer = await readAnswer(await post(program.url, streamed));
  expect(performance.now() - startedAtMs).toBeLessThan(100);
  expect([answer.outcome, answer.headers.get("retry-after")]).toEqual([
    refused(
      529,
      "overloaded_error",
      "claude-proxy runs 240 requests, the most that it runs at the same time; please try again",
    ),
    "2",
  ]);
  for (const { socket } of running) socket.destroy();
  await upstream.stop();
}, 30_000);

test("[row 82] a program that may open only 256 files serves on when they are used up", async () => {
  const upstream = await startUpstream();
  await using program = await startProgram(upstream.baseUrl);
  Bun.spawnSync(["prlimit", `--pid=${program.pid}`, "--nofile=256:256"]);
  upstream.respondWith((request) =>
    saidIn(request) === "hi" ? silence() : json(completionOf({ text: "on" })),
  );
  const many = await connectMany(program.port, 300);
  await Bun.sleep(1500);
  for (const { socket } of many) socket.destroy();
  const later = { ...hello, messages: [{ role: "user", content: "later" }] };
  expect((await readAnswer(await post(program.url, later))).outcome).toEqual(whole("on"));
  await upstream.stop();
}, 30_000);

test("[row 55] 100 clients that leave are heard of upstream within a second, all of them", async () => {
  const upstream = await startUpstream();
  await using program = await startProgram(upstream.baseUrl);
  upstream.respondWith(() => sse([chunk({ content: "one" })], { done: false, end: "stall" }));
  const delaysMs: number[] = [];
  for (let round = 0; round < 100; round += 1) {
    const leave = new AbortController();
    const response = await post(program.url, streamed, leave.signal);
    const { closedByPeer } = await upstream.request(round);
    const leftAtMs = performance.now();
    leave.abort();
    await response.text().catch(() => null);
    delaysMs.push(((await closedByPeer) ?? Number.NaN) - leftAtMs);
  }
  noteFigure(55, `100 of 100, the slowest after ${Math.ceil(Math.max(...delaysMs))} ms`);
  expect(delaysMs.filter((delayMs) => !(delayMs < 1000))).toEqual([]);
  await upstream.stop();
}, 60_000);

test("[row 72] a stream that outlives the limit of a drain ends with an error event", async () => {
  // The limit is 30 s in the program; the server takes a shorter one.
  const stage = await openStage({ drainMs: 300 });
  stage.upstream.reply(sse([chunk({ content: "one" })], { done: false, end: "stall" }));
  const answer = stage.ask();
  await stage.upstream.request(1);
  await Bun.sleep(100);
  const neighbour = stage.endNeighbour();
  const startedAtMs = performance.now();
  await stage.proxy.stop("signal");
  expect(performance.now() - startedAtMs).toBeWithin(290, 2300);
  const { outcome, faults } = await answer;
  expect([outcome, faults]).toEqual([
    brokenOff("one", "overloaded_error", "claude-proxy is stopping; please try again"),
    [],
  ]);
  expect((await neighbour).outcome.end).toBe("end_turn");
  await stage.close();
});

test("[row 72] a client that reads nothing does not hold a drain up", async () => {
  const stage = await openStage({ drainMs: 300 });
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
  await stage.proxy.stop("signal");
  expect(performance.now() - startedAtMs).toBeWithin(290, 5000);
  client.socket.destroy();
  await stage.close();
}, 15_000);
