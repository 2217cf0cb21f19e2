import { describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { createAdmission } from "../../src/server/admission.ts";
import { createPauseCollector } from "../../src/server/pause-collector.ts";
import { countCalls } from "../performance/count-calls.ts";
import { chunk, completionOf } from "../support/chunks.ts";
import { json, type Reply, silence, sse, status } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello, readFailure, readObject, startPair } from "../support/start-pair.ts";

const streamed = { ...hello, stream: true };

test("a place is given back once, however often that is said", () => {
  const admission = createAdmission(2);
  const leave = admission.enter();
  admission.enter();
  expect(admission.running).toBe(2);
  for (const end of [leave, leave]) end();
  expect(admission.running).toBe(1);
});

test("one request more than may run is told at once to come back, and may when a place is free", async () => {
  await using pair = await startPair({ settings: { maxConcurrentRequests: 2 } });
  pair.upstream.reply(silence());
  pair.upstream.reply(sse([chunk({ content: "a" })], { done: false, end: "stall" }));
  const leave = new AbortController();
  const first = pair.post(hello, { signal: leave.signal });
  const second = await pair.post(streamed, { signal: leave.signal });
  await pair.upstream.request(1);
  const startedAtMs = performance.now();
  const third = await pair.post(hello);
  expect(performance.now() - startedAtMs).toBeWithin(0, soonMs);
  expect([third.headers.get("retry-after"), await readFailure(third)]).toEqual([
    "2",
    [529, "overloaded_error", "claude-proxy is at its limit of 2 concurrent requests; please try again"],
  ]);
  expect((await pair.count()).status).toBe(529);
  expect(await readObject(await fetch(pair.proxy.url))).toHaveProperty("running_requests", 2);
  leave.abort();
  await expect(first).rejects.toHaveProperty("name", "AbortError");
  await expect(second.text()).rejects.toHaveProperty("name", "AbortError");
  await pair.proxy.record(3);
  pair.upstream.reply(json(completionOf({ text: "hello" })));
  expect((await pair.post(hello)).status).toBe(200);
  expect(await readObject(await fetch(pair.proxy.url))).toHaveProperty("running_requests", 0);
  expect(pair.upstream.requests.length).toBe(3);
});

test("a request that fails gives its place back, whatever it fails at", async () => {
  await using pair = await startPair({
    settings: { maxConcurrentRequests: 1 },
    limits: { firstByteMs: 300 },
  });
  let asked = 0;
  // The next one is let in: else it is a 529.
  const expectFree = async (answer: Response, status: number) => {
    expect([answer.status, (await answer.text()).includes("error")]).toEqual([status, true]);
    await pair.proxy.record(asked);
    asked += 1;
    expect(await readObject(await fetch(pair.proxy.url))).toHaveProperty("running_requests", 0);
    await pair.proxy.record(asked);
    asked += 1;
  };
  const tooDeep = `${"[".repeat(1000)}${"]".repeat(1000)}`;
  for (const body of ["", "{", "[]", "\u0000", tooDeep, JSON.stringify({ ...hello, model: 7 })]) {
    await expectFree(await pair.post(body), 400);
    await expectFree(await pair.count(body), 400);
  }
  await expectFree(await pair.post(hello, { headers: { "content-type": "text/plain" } }), 415);
  const wrong = { choices: [{ index: 0, delta: { tool_calls: [{ index: -1 }] } }] };
  const failures: [reply: Reply, status: number][] = [
    [status(503, { error: { message: "down" } }), 503],
    [status(400, "no JSON"), 400],
    [status(999, ""), 502],
    [json({}, { status: 302, headers: { location: "http://127.0.0.1:9/" } }), 424],
    [sse(["data: {broken\n\n"], { done: false }), 502],
    [sse([chunk({ role: "assistant" })], { done: false, end: "reset", paceMs: 20 }), 502],
    [sse([wrong], { done: false, end: "stall" }), 502],
    [silence(), 504],
  ];
  for (const [reply, expected] of failures) {
    for (const body of [hello, streamed]) {
      pair.upstream.reply(reply);
      await expectFree(await pair.post(body), expected);
    }
  }
  const one = chunk({ content: "one" });
  for (const rest of [[wrong], ["data: {broken\n\n"], [{ error: { message: "late" } }], []]) {
    pair.upstream.reply(sse([one, ...rest], { done: false, end: "reset", paceMs: 20 }));
    await expectFree(await pair.post(streamed), 200);
  }
});

describe("bodies that are read", () => {
  const MiB = 1024 * 1024;

  /** Sends the head of a request and all of a body of `bytes` but the last, and gives what comes back. */
  async function uploadNearly(port: number, bytes: number) {
    const answer = Promise.withResolvers<string>();
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("data", (data) => answer.resolve(data.toString("latin1").split("\r\n")[0] ?? ""));
    socket.on("error", () => {});
    socket.write(
      `POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n`,
    );
    const isWritten = Promise.withResolvers<void>();
    socket.write(Buffer.alloc(bytes - 1, 0x20), () => isWritten.resolve());
    return { socket, statusLine: answer.promise, written: isWritten.promise };
  }

  test("fill the room there is for them, and not more", () => {
    const admission = createAdmission(10, { uploadBytes: 100 });
    const first = admission.beginUpload(() => {});
    const second = admission.beginUpload(() => {});
    first.take(60);
    second.take(40);
    expect(() => second.take(1)).toThrow("has no room for more request bodies");
    first.end();
    first.end();
    first.take(1);
    second.take(60);
    expect(() => admission.beginUpload(() => {}).take(1)).toThrow("has no room for more request bodies");
    second.end();
    admission.beginUpload(() => {}).take(100);
  });

  test("have room for 256 MB", () => {
    const upload = createAdmission(10).beginUpload(() => {});
    upload.take(256 * MiB);
    expect(() => upload.take(1)).toThrow("has no room for more request bodies");
  });

  test("beyond 256 MB are told at once to come back, while small requests are served", async () => {
    await using pair = await startPair();
    const uploads = await Promise.all(
      Array.from({ length: 9 }, () => uploadNearly(pair.proxy.port, 32 * MiB)),
    );
    try {
      const refused = await Promise.any(uploads.map(({ statusLine }) => statusLine));
      expect(refused).toStartWith("HTTP/1.1 529");
      expect(await pair.proxy.record(0)).toMatchObject({
        status: 529,
        errorType: "overloaded_error",
        attempts: 0,
      });
      pair.upstream.reply(json(completionOf({ text: "hello" })));
      expect((await pair.post(hello)).status).toBe(200);
    } finally {
      for (const { socket } of uploads) socket.destroy();
    }
  }, 30_000);

  test("arm the giving back of memory, though no request came of them", async () => {
    const options = { quietMs: 50, worthwhileBytes: Number.NEGATIVE_INFINITY };
    const collector = createPauseCollector(() => admission.running, options);
    const admission = createAdmission(10, { onEnd: collector.noteEnd });
    const { calls } = await countCalls(Bun, "gc", async () => {
      admission.beginUpload(() => {}).end();
      await Bun.sleep(200);
    });
    expect(calls).toBe(1);
  });
});
