import { afterEach, expect, test } from "bun:test";
import { connect } from "node:net";
import { chunk, chunksOf, completionOf, usageChunk } from "./chunks.ts";
import { hangUp, json, silence, sse, sseOf, status } from "./reply.ts";
import { soonMs } from "./soon-ms.ts";
import { untilStill } from "./until-still.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

let upstream: Upstream | undefined;

afterEach(async () => {
  await upstream?.stop();
  upstream = undefined;
});

async function start(): Promise<Upstream> {
  upstream = await startUpstream();
  return upstream;
}

const post = (baseUrl: string, body: object, signal?: AbortSignal) =>
  fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "X-Test": "yes" },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });

/** The reads of a body, with the error that ended it. */
async function readAll(response: Response): Promise<{ pieces: string[]; error: string | null }> {
  const pieces: string[] = [];
  if (response.body === null) return { pieces, error: null };
  try {
    for await (const bytes of response.body) pieces.push(new TextDecoder().decode(bytes));
    return { pieces, error: null };
  } catch (error) {
    return { pieces, error: error instanceof Error && "code" in error ? String(error.code) : String(error) };
  }
}

test("records what came and answers in the order of the script", async () => {
  const { baseUrl, reply, requests } = await start();
  reply(json({ answer: 1 }));
  reply(status(429, { error: "slow down" }, { "retry-after": "7" }));
  const first = await post(baseUrl, { question: "é" });
  expect(first.status).toBe(200);
  expect(await first.json()).toEqual({ answer: 1 });
  const second = await post(baseUrl, {});
  expect([second.status, second.headers.get("retry-after"), await second.json()]).toEqual([
    429,
    "7",
    { error: "slow down" },
  ]);
  expect(requests.map(({ method, path, body, headers }) => [method, path, body, headers["x-test"]])).toEqual([
    ["POST", "/v1/chat/completions", { question: "é" }, "yes"],
    ["POST", "/v1/chat/completions", {}, "yes"],
  ]);
  const unscripted = await post(baseUrl, {});
  expect(unscripted.status).toBe(500);
  await unscripted.text();
});

test("splits a stream at the given bytes, with pauses between", async () => {
  const { baseUrl, reply } = await start();
  reply(sse([{ a: "é" }], { splitAt: [13, 14], paceMs: 30 }));
  const { pieces, error } = await readAll(await post(baseUrl, {}));
  expect(error).toBeNull();
  // Byte 13 is inside the two bytes of é.
  expect(pieces).toEqual(['data: {"a":"\u{fffd}', "\u{fffd}", '"}\n\ndata: [DONE]\n\n'].slice(0, 3));
});

test("ends in every way a server can", async () => {
  const { baseUrl, reply } = await start();
  reply(sse(["data: 1\n\n"], { done: false, end: "fin", paceMs: 20 }));
  reply(sse(["data: 1\n\n"], { done: false, end: "reset", paceMs: 20 }));
  reply(sse(["data: 1\n\n"], { done: false, framing: "until-close" }));
  reply(sse(["data: 1\n\n"], { lineEnd: "\r\n", prefix: "\u{feff}" }));
  const ends = [];
  for (let count = 0; count < 4; count += 1) ends.push(await readAll(await post(baseUrl, {})));
  expect(ends.map(({ pieces, error }) => [pieces.join(""), error])).toEqual([
    ["data: 1\n\n", "ECONNRESET"],
    ["data: 1\n\n", "ECONNRESET"],
    ["data: 1\n\n", null],
    ["data: 1\n\ndata: [DONE]\r\n\r\n", null],
  ]);
});

test("hangs up without an answer", async () => {
  const { baseUrl, respondWith } = await start();
  respondWith(() => hangUp("fin"));
  await expect(post(baseUrl, {})).rejects.toMatchObject({ code: "ECONNRESET" });
  respondWith(() => hangUp("reset"));
  await expect(post(baseUrl, {})).rejects.toMatchObject({ code: "ECONNRESET" });
});

test("notices that the peer went away, before the head and in the body", async () => {
  const { baseUrl, reply, request, requests } = await start();
  reply(silence());
  reply(sse([chunk({ content: "a" })], { done: false, end: "stall" }));
  reply(json({}));
  for (const index of [0, 1]) {
    const controller = new AbortController();
    const answer = post(baseUrl, {}, controller.signal).then((response) => response.text());
    const { closedByPeer } = await request(index);
    await Bun.sleep(20);
    const abortedAt = performance.now();
    controller.abort();
    expect(await answer.catch((error: Error) => error.name)).toBe("AbortError");
    expect(Number(await closedByPeer) - abortedAt).toBeWithin(0, soonMs);
  }
  await (await post(baseUrl, {})).text();
  expect(await requests[2]?.closedByPeer).toBeNull();
});

test("counts what the peer has taken of an endless answer", async () => {
  const { baseUrl, reply, request } = await start();
  reply(
    sseOf(
      (function* () {
        const line = Buffer.from(`data: ${"x".repeat(65_536)}\n\n`);
        while (true) yield line;
      })(),
    ),
  );
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  socket.write("POST /v1/chat/completions HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}");
  socket.pause();
  const { sentBytes } = await request(0);
  expect(await untilStill(sentBytes)).toBeGreaterThan(0);
  socket.destroy();
});

test("writes an answer as chunks and as a completion", () => {
  const answer = {
    reasoning: "why",
    text: "yes",
    toolCalls: [{ id: "c1", name: "Read", arguments: { path: "a" } }],
  };
  const envelope = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "test-model" };
  const delta = (value: object, finish_reason: string | null = null) => ({
    ...envelope,
    choices: [{ index: 0, delta: value, finish_reason }],
  });
  expect(chunksOf(answer, 6)).toEqual([
    delta({ role: "assistant", content: "" }),
    delta({ reasoning_content: "why" }),
    delta({ content: "yes" }),
    delta({
      tool_calls: [{ index: 0, id: "c1", type: "function", function: { name: "Read", arguments: "" } }],
    }),
    delta({ tool_calls: [{ index: 0, function: { arguments: '{"path' } }] }),
    delta({ tool_calls: [{ index: 0, function: { arguments: '":"a"}' } }] }),
    delta({}, "tool_calls"),
    usageChunk({ prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 }),
  ]);
  expect(completionOf(answer)).toEqual({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "test-model",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: "yes",
          reasoning_content: "why",
          tool_calls: [{ id: "c1", type: "function", function: { name: "Read", arguments: '{"path":"a"}' } }],
        },
        finish_reason: "tool_calls",
      },
    ],
    usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
  });
});
