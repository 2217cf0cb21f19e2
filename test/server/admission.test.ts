import { expect, test } from "bun:test";
import { chunk, completionOf } from "../support/chunks.ts";
import { json, silence, sse } from "../support/reply.ts";
import { hello, readFailure, readObject, startPair } from "../support/start-pair.ts";

const streamed = { ...hello, stream: true };

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
  expect(performance.now() - startedAtMs).toBeWithin(0, 100);
  expect([third.headers.get("retry-after"), await readFailure(third)]).toEqual([
    "2",
    [
      529,
      "overloaded_error",
      "claude-proxy runs 2 requests, the most that it runs at the same time; please try again",
    ],
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
  await using pair = await startPair({ settings: { maxConcurrentRequests: 1 } });
  for (const body of ["", "{", "[]", JSON.stringify({ ...hello, max_tokens: -1 })]) {
    expect((await pair.post(body)).status).toBe(400);
  }
  expect(await readObject(await fetch(pair.proxy.url))).toHaveProperty("running_requests", 0);
});
