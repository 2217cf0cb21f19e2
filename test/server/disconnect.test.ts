import { expect, test } from "bun:test";
import { chunk, completionOf } from "../support/chunks.ts";
import { json, silence, sse } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello, startPair } from "../support/start-pair.ts";

const streamed = { ...hello, stream: true };

/** Milliseconds from `sinceMs` to the end of the upstream's connection, which must be the proxy's doing. */
async function closedAfter(closed: Promise<number | null>, sinceMs: number): Promise<number> {
  const atMs = await closed;
  if (atMs === null) throw new Error("the upstream's answer came to its own end");
  return atMs - sinceMs;
}

test.each([
  ["a stream", streamed],
  ["a whole answer", hello],
])(
  "[4.7:client-gone] a client that leaves while the upstream owes its head stops the request (%s)",
  async (_, body) => {
    await using pair = await startPair();
    pair.upstream.reply(silence());
    const controller = new AbortController();
    const answer = pair.post(body, { signal: controller.signal });
    const { closedByPeer } = await pair.upstream.request(0);
    await Bun.sleep(50);
    const leftAtMs = performance.now();
    controller.abort();
    await expect(answer).rejects.toHaveProperty("name", "AbortError");
    expect(await closedAfter(closedByPeer, leftAtMs)).toBeWithin(0, soonMs);
    const { status, phase, errorType } = await pair.proxy.record(0);
    expect({ status, phase, errorType }).toEqual({ status: 499, phase: "client", errorType: null });
    expect([pair.upstream.requests.length, pair.proxy.complaints]).toEqual([1, []]);
  },
);

test("[4.7:client-gone] a client that leaves in the middle of a stream stops the upstream's", async () => {
  await using pair = await startPair();
  pair.upstream.reply(sse([chunk({ content: "one" })], { done: false, end: "stall" }));
  const controller = new AbortController();
  const response = await pair.post(streamed, { signal: controller.signal });
  const reader = response.body?.getReader();
  await reader?.read();
  const { closedByPeer } = await pair.upstream.request(0);
  const leftAtMs = performance.now();
  controller.abort();
  expect(await closedAfter(closedByPeer, leftAtMs)).toBeWithin(0, soonMs);
  const { status, phase, errorType } = await pair.proxy.record(0);
  expect({ status, phase, errorType }).toEqual({ status: 499, phase: "client", errorType: null });
  expect(pair.proxy.complaints).toEqual([]);
});

test("[4.7:client-gone] a client that leaves while a whole answer is being read stops it", async () => {
  await using pair = await startPair();
  pair.upstream.reply(sse([chunk({ content: "one" })], { done: false, end: "stall" }));
  const controller = new AbortController();
  const answer = pair.post(hello, { signal: controller.signal });
  const { closedByPeer } = await pair.upstream.request(0);
  await Bun.sleep(50);
  const leftAtMs = performance.now();
  controller.abort();
  await expect(answer).rejects.toHaveProperty("name", "AbortError");
  expect(await closedAfter(closedByPeer, leftAtMs)).toBeWithin(0, soonMs);
});

test("[4.7:client-gone] one client's end leaves the others alone", async () => {
  await using pair = await startPair();
  pair.upstream.reply(silence());
  pair.upstream.reply(json(completionOf({ text: "still here" }), { headDelayMs: 300 }));
  const controller = new AbortController();
  const first = pair.post(hello, { signal: controller.signal });
  await pair.upstream.request(0);
  const second = pair.post(hello);
  await pair.upstream.request(1);
  controller.abort();
  await expect(first).rejects.toHaveProperty("name", "AbortError");
  expect(await (await second).json()).toHaveProperty("content.0.text", "still here");
});
