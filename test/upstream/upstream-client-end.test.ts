import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { json, type Reply, silence, sse, sseOf } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { untilStill } from "../support/until-still.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { clientOf, failureOf, readAll, send, sourceOf } from "./client-of.ts";
import { chunk, done } from "./plain-items.ts";

let upstream: Upstream;
beforeEach(async () => {
  upstream = await startUpstream();
});
afterEach(() => upstream.stop());

const first = new TextEncoder().encode('data: {"a":1}\n\n');
const comment = new TextEncoder().encode(": hi\n\n");
const stalling = (): Reply => sseOf([first], "stall");

/** Milliseconds from `start` until the upstream lost the connection of its first request. */
async function closedAfter(start: number): Promise<number> {
  const { closedByPeer } = await upstream.request(0);
  return ((await closedByPeer) ?? Number.POSITIVE_INFINITY) - start;
}

describe("a signal", () => {
  test("[4.7:client-gone] ends a call that waits for its head", async () => {
    upstream.reply(silence());
    const controller = new AbortController();
    const call = send(clientOf(upstream.baseUrl), { controller });
    await upstream.request(0);
    const start = performance.now();
    controller.abort();
    const error = await failureOf(call);
    expect({ kind: error.kind, message: error.message, attempts: error.attempts }).toEqual({
      kind: "aborted",
      message: "The request was given up",
      attempts: 1,
    });
    expect(await closedAfter(start)).toBeWithin(0, soonMs);
    expect(upstream.requests.length).toBe(1);
  });

  test("[4.7:client-gone] ends a read that waits", async () => {
    upstream.reply(stalling());
    const controller = new AbortController();
    const source = sourceOf(await send(clientOf(upstream.baseUrl), { controller }));
    await source.read();
    const start = performance.now();
    const read = source.read();
    controller.abort();
    expect((await failureOf(read)).kind).toBe("aborted");
    expect(await closedAfter(start)).toBeWithin(0, soonMs);
  });

  test("[4.7:client-gone] closes the connection although nobody reads", async () => {
    upstream.reply(stalling());
    const controller = new AbortController();
    const source = sourceOf(await send(clientOf(upstream.baseUrl), { controller }));
    const start = performance.now();
    controller.abort();
    expect(await closedAfter(start)).toBeWithin(0, soonMs);
    expect((await failureOf(source.read())).kind).toBe("aborted");
  });

  test("[4.7:client-gone] ends a whole answer", async () => {
    upstream.reply(json({ a: 1 }, { headers: { "content-length": "100" }, end: "stall" }));
    const controller = new AbortController();
    const call = send(clientOf(upstream.baseUrl), { controller });
    await upstream.request(0);
    setTimeout(() => controller.abort(), 20);
    expect((await failureOf(call)).kind).toBe("aborted");
  });

  test("that was given before the call sends nothing", async () => {
    const controller = new AbortController();
    controller.abort();
    const call = send(clientOf(upstream.baseUrl), { controller });
    expect((await failureOf(call)).kind).toBe("aborted");
    expect(upstream.requests).toEqual([]);
  });
});

describe("cancel", () => {
  test("[4.6:cancel] closes the connection, and nothing more comes", async () => {
    upstream.reply(stalling());
    const source = sourceOf(await send(clientOf(upstream.baseUrl)));
    await source.read();
    const start = performance.now();
    source.cancel();
    expect(await closedAfter(start)).toBeWithin(0, soonMs);
    expect(await source.read()).toBeNull();
  });

  test("[4.6:cancel] ends a read that waits", async () => {
    upstream.reply(stalling());
    const source = sourceOf(await send(clientOf(upstream.baseUrl)));
    await source.read();
    const read = source.read();
    source.cancel();
    expect((await failureOf(read)).kind).toBe("aborted");
  });

  test("twice, and after the end, does nothing", async () => {
    upstream.reply(sse([{ a: 1 }]));
    const answer = await send(clientOf(upstream.baseUrl));
    expect((await readAll(answer)).flat()).toEqual([chunk({ a: 1 }), done]);
    sourceOf(answer).cancel();
    sourceOf(answer).cancel();
    expect(await (await upstream.request(0)).closedByPeer).toBeNull();
  });
});

describe("the end of a stream", () => {
  test("[4.6:cancel] frees the connection although its last chunk comes later", async () => {
    upstream.reply({ ...sse([{ a: 1 }]), body: [...sse([{ a: 1 }]).body, { waitMs: 50 }] });
    const answer = await send(clientOf(upstream.baseUrl));
    await readAll(answer);
    sourceOf(answer).cancel();
    expect(await (await upstream.request(0)).closedByPeer).toBeNull();
  });

  test("[4.2:late-usage] has the usage that follows at once, in the same write or the next", async () => {
    const usage = { choices: [], usage: { prompt_tokens: 9 } };
    const late = new TextEncoder().encode(`data: ${JSON.stringify(usage)}\n\n`);
    for (const pause of [[], [{ waitMs: 10 }]]) {
      upstream.reply(sseOf([...sse([{ a: 1 }]).body, ...pause, late]));
      const items = await readAll(await send(clientOf(upstream.baseUrl)));
      expect(items.flat()).toEqual([chunk({ a: 1 }), chunk(usage), done]);
      expect(await (await upstream.request(upstream.requests.length - 1)).closedByPeer).toBeNull();
    }
  });

  test.each([
    ["nothing", []],
    ["comments", Array.from({ length: 500 }, () => [{ waitMs: 20 }, comment]).flat()],
  ])("[4.2:late-usage] waits no longer for it when %s comes", async (_, body) => {
    const start = performance.now();
    upstream.reply(sseOf([...sse([{ a: 1 }]).body, ...body], "stall"));
    const items = await readAll(await send(clientOf(upstream.baseUrl)));
    expect(items.flat()).toEqual([chunk({ a: 1 }), done]);
    expect(performance.now() - start).toBeWithin(50, soonMs);
  });

  test("[4.2:late-usage] an end that breaks is the end all the same", async () => {
    upstream.reply(sseOf([...sse([{ a: 1 }]).body, { waitMs: 20 }], "reset"));
    expect((await readAll(await send(clientOf(upstream.baseUrl)))).flat()).toEqual([chunk({ a: 1 }), done]);
  });

  test("[4.6:cancel] gives up a connection that does not end", async () => {
    const start = performance.now();
    upstream.reply(sseOf([...sse([{ a: 1 }]).body], "stall"));
    await readAll(await send(clientOf(upstream.baseUrl, { limits: { drainMs: 50 } })));
    expect(await closedAfter(start)).toBeWithin(50, soonMs);
  });

  test("[4.7:backpressure] a client that does not read makes the upstream wait", async () => {
    const piece = new TextEncoder().encode(`data: {"a":"${"x".repeat(60_000)}"}\n\n`);
    const endless = (function* () {
      for (;;) yield piece;
    })();
    upstream.reply(sseOf(endless));
    const source = sourceOf(await send(clientOf(upstream.baseUrl)));
    await source.read();
    const { sentBytes } = await upstream.request(0);
    expect(await untilStill(sentBytes)).toBeLessThan(20_000_000);
    source.cancel();
  });
});
