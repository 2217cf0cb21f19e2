import { describe, expect, test } from "bun:test";
import { createFailoverState } from "../../../src/relay/failover/failover-state.ts";
import { chunk, completionOf, stopChunk } from "../../support/chunks.ts";
import { findFreePort } from "../../support/find-free-port.ts";
import { hangUp, json, type Reply, silence, sse, status } from "../../support/reply.ts";
import { hello, readFailure, readObject } from "../../support/start-pair.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";
import { createClock } from "./clock.ts";
import { startTargets, type TargetsOptions, type TestTarget } from "./start-targets.ts";

const noUsage = { prompt_tokens: 9, completion_tokens: 0, total_tokens: 9 };
const fine = (text = "fine") => json(completionOf({ text }));
const limited = (seconds: number) =>
  status(429, { error: { message: "slow down" } }, { "retry-after": String(seconds) });
const refused = (code: number, message = "it says no") => status(code, { error: { message } });
const empty = json(completionOf({ text: "", usage: noUsage }));
const errorFirst = sse([{ error: { message: "overloaded", code: 529 } }]);
const diesLater = sse([chunk({ content: "Hel" })], { done: false, paceMs: 50, end: "reset" });
const streamed = (text = "fine") => sse([chunk({ content: text }), stopChunk]);

/** Targets that answer so, each for ever; null is a port where nobody listens. */
async function start(
  replies: readonly (Reply | null)[],
  options: TargetsOptions & { targets?: readonly Partial<TestTarget>[] } = {},
) {
  const upstreams: (Upstream | null)[] = [];
  const targets: TestTarget[] = [];
  for (const [index, reply] of replies.entries()) {
    const upstream = reply === null ? null : await startUpstream();
    if (reply !== null) upstream?.respondWith(() => reply);
    const baseUrl = upstream?.baseUrl ?? `http://127.0.0.1:${await findFreePort()}/v1`;
    upstreams.push(upstream);
    targets.push({ baseUrl, ...options.targets?.[index] });
  }
  const proxy = startTargets(targets, options);
  return {
    ...proxy,
    upstreams: upstreams.flatMap((upstream) => upstream ?? []),
    sends: () => upstreams.map((upstream) => upstream?.requests.length ?? null),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      for (const upstream of upstreams) await upstream?.stop();
    },
  };
}

const headersOf = ({ headers }: Response) =>
  ["upstream", "model", "attempts"].map((name) => headers.get(`x-claude-proxy-${name}`));

const textOf = async (response: Response) => {
  const text = await response.text();
  return /"text":"(\w+)"/.exec(text)?.[1] ?? text;
};

type Started = Awaited<ReturnType<typeof start>>;

/** The attempts of the request that ended last, without their times. */
const triedBy = ({ records }: Started) =>
  records
    .at(-1)
    ?.tried.map(({ upstream, key, status: code, error }) =>
      [upstream, key === null ? null : `key ${key}`, code, error].filter((part) => part !== null).join(" "),
    );

describe.each([false, true])("before anything of an answer came (streamed: %p)", (stream) => {
  const ask = (proxy: Started, session = "s") => proxy.post({ ...hello, stream }, { session });

  test("a dead port, a limit and a fine upstream: the answer comes from the last", async () => {
    await using proxy = await start([null, limited(3), fine()]);
    const response = await ask(proxy);
    expect([response.status, headersOf(response)]).toEqual([200, ["c", "m", "3"]]);
    expect(await textOf(response)).toBe("fine");
    expect(triedBy(proxy)).toEqual(["a no connection", "b 429", "c 200"]);
    expect(proxy.records[0]).toMatchObject({
      upstream: "c",
      upstreamModel: "m",
      status: 200,
      attempts: 3,
      errorType: null,
      errorMessage: null,
      phase: null,
    });
    expect(proxy.sends()).toEqual([null, 1, 1]);
  });

  test("three dead ports take three sends, so that the fourth target is asked", async () => {
    await using proxy = await start([null, null, null, fine()]);
    expect(await textOf(await ask(proxy))).toBe("fine");
    expect(proxy.records[0]).toMatchObject({ attempts: 4, upstream: "d" });
  });

  test("a dead port behind which nothing is left is called twice, as a single one is", async () => {
    await using proxy = await start([refused(500), null]);
    expect(headersOf(await ask(proxy))).toEqual(["a", "m", "3"]);
  });

  test.each<[string, Reply, string, number]>([
    ["an error as the first event", errorFirst, "a 529 error in its answer", 2],
    ["an empty answer, after one more try there", empty, "a 200 empty answer", 3],
    ["a page", status(200, "<html>hello</html>"), "a no answer of its API", 2],
    ["no answer at all", hangUp("fin"), "a no connection", 3],
    ["401", refused(401), "a 401", 2],
    ["402", refused(402), "a 402", 2],
    ["403", refused(403), "a 403", 2],
    ["404", refused(404), "a 404", 2],
    ["408", refused(408), "a 408", 2],
    ["500", refused(500), "a 500", 2],
    ["503", refused(503), "a 503", 2],
    ["503, which means an overload", refused(503, "The model is overloaded"), "a 503", 2],
    ["a 500 that speaks of money", refused(500, "insufficient balance"), "a 500", 2],
    ["an unknown model", refused(400, "'m' is not a valid model id"), "a 400", 2],
    ["a model without tools", refused(400, "m does not support tools"), "a 400", 2],
  ])("it goes on after %s", async (_, reply, tried, attempts) => {
    await using proxy = await start([reply, fine()]);
    const response = await ask(proxy);
    expect([response.status, headersOf(response)]).toEqual([200, ["b", "m", String(attempts)]]);
    expect(await textOf(response)).toBe("fine");
    expect(triedBy(proxy)).toEqual([tried, "b 200"]);
  });

  test("it goes on after silence", async () => {
    await using proxy = await start([silence(), fine()], { limits: { firstByteMs: 50 } });
    expect(await textOf(await ask(proxy))).toBe("fine");
    expect(triedBy(proxy)).toEqual(["a timed out", "b 200"]);
  });

  test.each([400, 413, 422])("it does not go on after %p", async (code) => {
    await using proxy = await start([refused(code), fine()]);
    const response = await ask(proxy);
    expect([response.status, headersOf(response)]).toEqual([code === 422 ? 400 : code, ["a", "m", "1"]]);
    expect(await readFailure(response)).toEqual([expect.any(Number), expect.any(String), "it says no"]);
    expect([triedBy(proxy), proxy.sends()]).toEqual([[`a ${code}`], [1, 0]]);
  });

  test("there are four sends in all: when they are spent, no other target is asked", async () => {
    await using proxy = await start([empty, empty, fine()]);
    expect(await (await ask(proxy)).text()).not.toContain("fine");
    expect(proxy.sends()).toEqual([2, 2, 0]);
    expect(proxy.records[0]).toMatchObject({ attempts: 4, status: 200 });
  });
});

describe("after the first byte", () => {
  test("a stream that dies is not tried again, and its attempt says so", async () => {
    await using proxy = await start([diesLater, fine()]);
    const text = await (await proxy.post({ ...hello, stream: true })).text();
    expect(text).toContain("Hel");
    expect(text).toContain("event: error");
    expect([triedBy(proxy), proxy.sends()]).toEqual([["a 200 broke off"], [1, 0]]);
  });

  test("a whole answer that dies has not begun: the client has heard nothing", async () => {
    const cut: Reply = { ...json({ choices: [] }), body: [new TextEncoder().encode("{")], end: "reset" };
    await using proxy = await start([cut, fine()]);
    expect(await textOf(await proxy.post(hello))).toBe("fine");
    expect(triedBy(proxy)).toEqual(["a broke off", "b 200"]);
  });

  test("a head that was sent because the wait was too long is one", async () => {
    const late: Reply = { ...refused(500), headDelayMs: 600 };
    await using proxy = await start([late, fine()], { pace: { headWithoutUpstreamMs: 20 } });
    const response = await proxy.post({ ...hello, stream: true });
    expect(headersOf(response)).toEqual(["a", "m", "1"]);
    expect(await response.text()).toContain("event: error");
    expect([triedBy(proxy), proxy.sends()]).toEqual([["a 500"], [1, 0]]);
  });
});

describe("when all have failed", () => {
  test("the client hears of the shortest wait, and what was tried", async () => {
    await using proxy = await start([limited(30), limited(9), refused(500)]);
    const response = await proxy.post(hello);
    expect(response.headers.get("retry-after")).toBe("9");
    expect(headersOf(response)).toEqual(["b", "m", "3"]);
    const [code, type, message] = await readFailure(response);
    expect([code, type]).toEqual([429, "rate_limit_error"]);
    expect(message).toEndWith("Try again in 9 seconds. Tried a/m (429), b/m (429), c/m (500).");
    expect(proxy.records[0]).toMatchObject({ errorType: "rate_limit_error", upstream: "b", status: 429 });
  });

  test("a key that is refused is told before a fault that passes", async () => {
    await using proxy = await start([null, refused(401)]);
    const [code, type, message] = await readFailure(await proxy.post(hello));
    expect([code, type]).toEqual([424, "authentication_error"]);
    expect(message).toEndWith("Tried a/m (no connection), b/m (401).");
  });

  test("a prompt that is too long is told in the client's own words", async () => {
    const tooLong = refused(400, "prompt is too long: 9000 tokens > 8000 maximum");
    await using proxy = await start([tooLong, refused(500)], {
      targets: [{ window: 8000 }, { window: 32_000 }],
    });
    const [code, , message] = await readFailure(await proxy.post(hello));
    expect([code, message]).toEqual([400, "prompt is too long: 9000 tokens > 8000 maximum"]);
    expect(triedBy(proxy)).toEqual(["a 400", "b 500"]);
  });

  test("an empty answer is what it was: an answer", async () => {
    await using proxy = await start([empty, empty]);
    expect(await readObject(await proxy.post(hello))).toMatchObject({ content: [], stop_reason: "end_turn" });
    expect(triedBy(proxy)).toEqual(["a 200 empty answer", "b 200 empty answer"]);
    expect(proxy.records[0]).toMatchObject({ status: 200, errorType: null, upstream: "a" });
  });

  test("the error of a single target is the very same as ever", async () => {
    await using proxy = await start([refused(500)]);
    const [code, , message] = await readFailure(await proxy.post(hello));
    expect([code, message]).toEqual([
      500,
      expect.stringMatching(/^127\.0\.0\.1:\d+ failed with m: it says no$/),
    ]);
  });
});

describe("a prompt that is too long", () => {
  const tooLong = refused(400, "This model's maximum context length is 8000 tokens.");

  test("goes to the first target that is known to have a larger window", async () => {
    const targets = [{ window: 8000 }, { window: 8000 }, {}, { window: 32_000 }];
    await using proxy = await start([tooLong, fine("b"), fine("c"), fine("d")], { targets });
    expect(await textOf(await proxy.post(hello))).toBe("d");
    expect(proxy.sends()).toEqual([1, 0, 0, 1]);
  });

  test("stays where none has", async () => {
    await using proxy = await start([tooLong, fine()], { targets: [{ window: 8000 }, { window: 4000 }] });
    expect((await proxy.post(hello)).status).toBe(400);
    expect(proxy.sends()).toEqual([1, 0]);
  });
});

describe("what a failed attempt noted", () => {
  test("does not stay: a repair that was made in vain is not in the record of the answer", async () => {
    await using proxy = await start([fine(), fine()]);
    const [first] = proxy.upstreams;
    first?.reply(refused(400, "Unknown parameter: 'temperature'."));
    first?.reply(refused(500));
    const response = await proxy.post({ ...hello, temperature: 0.5 });
    expect([response.status, headersOf(response)]).toEqual([200, ["b", "m", "3"]]);
    expect(proxy.records[0]).toMatchObject({ repairs: [], errorType: null, phase: null, causeCode: null });
    expect(triedBy(proxy)).toEqual(["a 500", "b 200"]);
  });
});

describe("a pool of keys", () => {
  const pool = ["key-one", "key-two", "key-three"];
  const keysSent = ({ upstreams }: Started, index = 0) =>
    upstreams[index]?.requests.map(({ headers }) => headers["authorization"]?.replace("Bearer ", ""));

  /** Refuses each key with its reply, and takes the others. */
  async function startPool(refusals: Readonly<Record<string, Reply>>, more: readonly Reply[] = []) {
    const clock = createClock();
    const state = createFailoverState(clock.nowMs);
    const proxy = await start([fine(), ...more], { state, targets: [{ keys: pool }] });
    proxy.upstreams[0]?.respondWith(
      ({ headers }) => refusals[headers["authorization"]?.replace("Bearer ", "") ?? ""] ?? fine(),
    );
    return { proxy, clock };
  }

  test("goes on to the next key, and the conversation comes back to its own when that is free", async () => {
    const refusals: Record<string, Reply> = {};
    const { proxy, clock } = await startPool(refusals);
    await using _ = proxy;
    await proxy.post(hello, { session: "s" });
    const [own = ""] = keysSent(proxy) ?? [];
    refusals[own] = limited(30);
    for (let times = 0; times < 2; times += 1) await proxy.post(hello, { session: "s" });
    const [, again, other, stays] = keysSent(proxy) ?? [];
    expect([again, stays, other === own]).toEqual([own, other, false]);
    expect(triedBy(proxy)).toEqual([expect.stringMatching(/^a key \d 200$/)]);
    expect(proxy.records[1]?.tried).toHaveLength(2);
    delete refusals[own];
    clock.pass(30_000);
    await proxy.post(hello, { session: "s" });
    expect(keysSent(proxy)?.at(-1)).toBe(own);
    expect(proxy.complaints).toHaveLength(1);
    expect(proxy.complaints[0]).toContain('"seconds":30,"status":429');
    expect(proxy.complaints[0]).toMatch(/"upstream":"a","key":"\d of 3"/);
  });

  test("that is refused as a whole says so without a send, with the time until the first key is free", async () => {
    const { proxy, clock } = await startPool({
      "key-one": limited(50),
      "key-two": limited(20),
      "key-three": limited(90),
    });
    await using _ = proxy;
    expect((await proxy.post(hello, { session: "s" })).status).toBe(429);
    clock.pass(5000);
    const response = await proxy.post(hello, { session: "s" });
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "15"]);
    const [, , message] = await readFailure(response);
    expect(message).toEndWith("All 3 keys of a were refused lately; the first may be used again in 15 s");
    expect([proxy.sends(), triedBy(proxy)]).toEqual([[3], ["a 429 all keys refused lately"]]);
    expect(headersOf(response)).toEqual(["a", "m", "0"]);
  });

  test("that is refused as a whole is left out where there is another target", async () => {
    const { proxy } = await startPool(
      { "key-one": refused(401), "key-two": refused(402), "key-three": limited(90) },
      [fine("other")],
    );
    await using _ = proxy;
    expect(await textOf(await proxy.post(hello))).toBe("other");
    expect(await textOf(await proxy.post(hello))).toBe("other");
    expect([proxy.sends(), triedBy(proxy)]).toEqual([
      [3, 2],
      ["a 429 all keys refused lately", "b 200"],
    ]);
  });

  test("of one key is asked each time, whatever it answered", async () => {
    await using proxy = await start([limited(60)], { targets: [{ keys: ["key-one"] }] });
    for (let times = 0; times < 3; times += 1) {
      const [code, , message] = await readFailure(await proxy.post(hello));
      expect([code, message.includes("Tried")]).toEqual([429, false]);
    }
    expect([proxy.sends(), proxy.complaints]).toEqual([[3], []]);
  });

  test("shows no key, wherever", async () => {
    const { proxy } = await startPool({ "key-one": refused(401, "key-one is wrong"), "key-two": limited(3) });
    await using _ = proxy;
    for (const session of ["s", "t", "u"]) await proxy.post(hello, { session });
    const shown = JSON.stringify([proxy.records, proxy.complaints]);
    for (const key of pool) expect(shown).not.toContain(key);
  });
});

describe("an upstream at its limit of requests", () => {
  /** A request that its upstream, the first one, does not answer; `leave` lets its client go away. */
  async function occupy(proxy: Started, session = "s") {
    const [upstream] = proxy.upstreams;
    const index = upstream?.requests.length ?? 0;
    upstream?.respondWith(silence);
    const controller = new AbortController();
    const gone = proxy.post(hello, { session, signal: controller.signal }).catch(() => null);
    const { closedByPeer } = (await upstream?.request(index)) ?? {};
    upstream?.respondWith(() => fine("home"));
    return async () => {
      controller.abort();
      await gone;
      await closedByPeer;
    };
  }

  test("is left out for one more, which does not move its conversation", async () => {
    await using proxy = await start([silence(), fine("other")], { targets: [{ concurrency: 1 }] });
    const leave = await occupy(proxy);
    expect(await textOf(await proxy.post(hello, { session: "s" }))).toBe("other");
    expect(triedBy(proxy)).toEqual(["a at its limit of requests", "b 200"]);
    await leave();
    expect(await textOf(await proxy.post(hello, { session: "s" }))).toBe("home");
  });

  test("is told when all are, and has room again when a client went away", async () => {
    await using proxy = await start([silence()], { targets: [{ concurrency: 1 }] });
    const leave = await occupy(proxy);
    expect(await readFailure(await proxy.post(hello))).toEqual([
      529,
      "overloaded_error",
      "a already has the 1 requests at once that its concurrency allows; please try again",
    ]);
    await leave();
    expect(await textOf(await proxy.post(hello))).toBe("home");
    const left = proxy.records.find((record) => record.status === 499);
    expect(left?.tried).toEqual([expect.objectContaining({ status: null, error: "given up" })]);
  });

  test("has room again after a failure, and after an answer", async () => {
    await using proxy = await start([refused(500)], { targets: [{ concurrency: 1 }] });
    for (let times = 0; times < 2; times += 1) expect((await proxy.post(hello)).status).toBe(500);
    proxy.upstreams[0]?.respondWith(() => streamed());
    for (let times = 0; times < 2; times += 1)
      expect(await textOf(await proxy.post({ ...hello, stream: true }))).toBe("fine");
  });
});

describe("health and conversations", () => {
  /** A first target that fails, and a second one that is fine, under a clock of the test. */
  async function startFailing() {
    const clock = createClock();
    const proxy = await start([refused(500), fine("other")], { state: createFailoverState(clock.nowMs) });
    return { proxy, clock, first: proxy.upstreams[0] };
  }

  test("a target that failed five times is passed over, and probed when its time is over", async () => {
    const { proxy, clock, first } = await startFailing();
    await using _ = proxy;
    for (let times = 0; times < 7; times += 1) await proxy.post(hello);
    expect([proxy.sends(), triedBy(proxy)]).toEqual([
      [5, 7],
      ["a passed over", "b 200"],
    ]);
    expect(proxy.complaints).toEqual([expect.stringContaining('"target":"a/m","seconds":5,"reason":500')]);
    clock.pass(5000);
    first?.respondWith(() => fine("home"));
    expect(await textOf(await proxy.post(hello))).toBe("home");
  });

  test("a conversation that moved stays for ten minutes", async () => {
    const { proxy, clock, first } = await startFailing();
    await using _ = proxy;
    await proxy.post(hello, { session: "s" });
    first?.respondWith(() => fine("home"));
    expect(await textOf(await proxy.post(hello, { session: "t" }))).toBe("home");
    const textOfS = async () => textOf(await proxy.post(hello, { session: "s" }));
    clock.pass(599_000);
    expect(await textOfS()).toBe("other");
    expect(triedBy(proxy)).toEqual(["b 200"]);
    clock.pass(1000);
    expect(await textOfS()).toBe("home");
  });

  test("or until that target fails, too", async () => {
    const { proxy, first } = await startFailing();
    await using _ = proxy;
    await proxy.post(hello, { session: "s" });
    first?.respondWith(() => fine("home"));
    proxy.upstreams[1]?.reply(refused(503));
    for (let times = 0; times < 2; times += 1)
      expect(await textOf(await proxy.post(hello, { session: "s" }))).toBe("home");
    expect(triedBy(proxy)).toEqual(["a 200"]);
  });

  test("the last target that is left is asked, however often it failed", async () => {
    await using proxy = await start([refused(500)]);
    for (let times = 0; times < 7; times += 1) await proxy.post(hello);
    expect(proxy.sends()).toEqual([7]);
    expect(triedBy(proxy)).toEqual(["a 500"]);
  });

  test("a probe whose client went away is followed by another one", async () => {
    const { proxy, clock, first } = await startFailing();
    await using _ = proxy;
    for (let times = 0; times < 5; times += 1) await proxy.post(hello);
    clock.pass(5000);
    first?.respondWith(silence);
    const controller = new AbortController();
    const gone = proxy.post(hello, { signal: controller.signal });
    const { closedByPeer } = (await first?.request(5)) ?? {};
    // While it is on its way, nobody else asks.
    expect(await textOf(await proxy.post(hello))).toBe("other");
    expect(first?.requests).toHaveLength(6);
    controller.abort();
    await gone.catch(() => null);
    await closedByPeer;
    first?.respondWith(() => fine("home"));
    expect(await textOf(await proxy.post(hello))).toBe("home");
  });
});

test("a streamed answer passes on from its first events, all of them", async () => {
  await using proxy = await start([limited(1), streamed("all")]);
  const text = await (await proxy.post({ ...hello, stream: true })).text();
  expect(text.match(/^event: \w+/gm)).toEqual([
    "event: message_start",
    "event: ping",
    "event: content_block_start",
    "event: content_block_delta",
    "event: content_block_stop",
    "event: message_delta",
    "event: message_stop",
  ]);
});
